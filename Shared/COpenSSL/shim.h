// libcrypto 3.0 as Debian 12 ships it. Which header is here for what:
#include <openssl/bio.h>   // BIO_new_mem_buf, BIO_read: PEM in memory, never through a C FILE
#include <openssl/core_names.h>
#include <openssl/err.h>   // ERR_get_error: the reasons for a failure, drained after each
#include <openssl/evp.h>   // digests, AES-256-GCM, SM2 keys and signatures
#include <openssl/hmac.h>  // HMAC: the one-shot form for blind indexes
#include <openssl/pem.h>   // PKCS #8 and SubjectPublicKeyInfo in PEM
#include <openssl/rand.h>  // RAND_bytes
