#include <protobuf-c/protobuf-c.h>

/* What a string field that was not sent points to. In Swift, the address of an imported C constant
   is that of a copy, so C must say it. */
static inline const char *anju_empty_string(void) { return protobuf_c_empty_string; }
