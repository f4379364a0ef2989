#include <zlib.h>  // gzip, the one message encoding of gRPC that everybody speaks
