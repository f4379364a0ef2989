#include <qrencode.h>  // QR codes (GB/T 18284, ISO/IEC 18004): a text in, a square of modules out
