#include "uuid.h"
#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>

static const unsigned char space[16] = { 0x3f, 0x8e, 0x0c, 0x52, 0x61, 0xd7, 0x4b, 0x0a,
                                         0x9c, 0x35, 0xe4, 0x7f, 0x12, 0xa8, 0x66, 0xbd };

int uuid_of(char out[static UUID_SIZE], struct str name) {
        unsigned char h[EVP_MAX_MD_SIZE];
        EVP_MD_CTX *md = EVP_MD_CTX_new();
        bool made = md && EVP_DigestInit_ex(md, EVP_sha1(), NULL) && EVP_DigestUpdate(md, space, sizeof(space)) &&
                    EVP_DigestUpdate(md, name.p, name.n) && EVP_DigestFinal_ex(md, h, NULL);

        EVP_MD_CTX_free(md);
        if (!made)
                return -ENOMEM;
        h[6] = (unsigned char)(0x50 | (h[6] & 0x0f));
        h[8] = (unsigned char)(0x80 | (h[8] & 0x3f));
        snprintf(out, UUID_SIZE, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", h[0], h[1],
                 h[2], h[3], h[4], h[5], h[6], h[7], h[8], h[9], h[10], h[11], h[12], h[13], h[14], h[15]);
        return 0;
}
