#include "identity.h"
#include <openssl/evp.h>
#include <stdio.h>
#include <sys/random.h>

void report_identify(struct report *r) {
        unsigned char b[16] = { 0 };
        char id[37];

        if (getrandom(b, sizeof(b), 0) != (ssize_t)sizeof(b))
                return;
        b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
        b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
        snprintf(id, sizeof(id), "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
                 b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
        r->id = report_keep(r, str_from(id));
}

/* Each part with a NUL behind it. */
static bool digest(EVP_MD_CTX *md, const struct str *parts, size_t n) {
        for (size_t i = 0; i < n; ++i)
                if (EVP_DigestUpdate(md, parts[i].p ? parts[i].p : "", parts[i].n) <= 0 ||
                    EVP_DigestUpdate(md, "", 1) <= 0)
                        return false;
        return true;
}

void report_fingerprint(char out[static 65], const struct str *parts, size_t n) {
        EVP_MD_CTX *md = EVP_MD_CTX_new();
        unsigned char hash[EVP_MAX_MD_SIZE];
        unsigned bytes = 0;

        out[0] = '\0';
        if (!md || !EVP_DigestInit_ex(md, EVP_sha256(), NULL) || !digest(md, parts, n) ||
            !EVP_DigestFinal_ex(md, hash, &bytes))
                bytes = 0;
        for (unsigned i = 0; i < bytes && i < 32; ++i)
                snprintf(&out[2 * (size_t)i], 3, "%02x", hash[i]);
        EVP_MD_CTX_free(md);
}
