// José (libjose) as Debian 12 ships it, over libcrypto. Which header is here for what:
#include <jansson.h>   // the JSON values that every call of libjose takes and gives
#include <jose/b64.h>  // base64url of the token's parts
#include <jose/jwk.h>  // keys: making one, its public half, its thumbprint (RFC 7638)
#include <jose/jws.h>  // signing and verifying
