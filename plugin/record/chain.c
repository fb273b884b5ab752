#include "docksill/record/chain.h"

#include <assert.h>
#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>

#define LINK ",\"link\":"
#define PREV ",\"prev\":\""
#define END  "\"}\n"

static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";

/* A line's texts hold no quotation mark that is not escaped, so nobody but us can have written this end. */
bool chain_read(struct str line, struct chain_link *out) {
        const struct str end = STR("\"}"), key = STR(PREV), name = STR("\"link\":");
        struct str rest = str_ends(line, STR_C("\n")) ? str_first(line, line.n - 1) : line, prev;
        size_t digits = 0;
        int64_t link;

        if (!str_ends(rest, end) || rest.n < end.n + CHAIN_DIGEST + key.n)
                return false;
        rest = str_first(rest, rest.n - end.n - CHAIN_DIGEST);
        prev = (struct str){ rest.p + rest.n, CHAIN_DIGEST };
        for (size_t i = 0; i < prev.n; ++i)
                if (!ascii_digit(prev.p[i]) && (prev.p[i] < 'a' || prev.p[i] > 'f'))
                        return false;
        if (!str_ends(rest, key))
                return false;
        rest = str_first(rest, rest.n - key.n);
        while (digits < rest.n && digits < 20 && ascii_digit(rest.p[rest.n - 1 - digits]))
                ++digits;
        if (str_int((struct str){ rest.p + rest.n - digits, digits }, &link) < 0 || link < 1)
                return false;
        rest = str_first(rest, rest.n - digits);
        if (!str_starts(rest, STR_C("{")) || !str_ends(rest, name))
                return false;
        *out = (struct chain_link){ .link = (uint64_t)link, .prev = prev };
        return true;
}

size_t chain_write(char to[static CHAIN_ROOM], uint64_t link, bool first) {
        int n = snprintf(to, CHAIN_ROOM, LINK "%llu" PREV "%s" END, (unsigned long long)link, zeros);

        assert(n > 0 && n < CHAIN_ROOM);
        if (!first)
                return (size_t)n;
        memmove(to, to + 1, (size_t)n);
        return (size_t)n - 1;
}

int chain_init(struct chain *c, const char *digest) {
        *c = (struct chain){ .sha256 = EVP_MD_fetch(NULL, "SHA256", NULL), .context = EVP_MD_CTX_new() };
        memcpy(c->digest, digest[0] ? digest : zeros, sizeof(c->digest));
        if (c->sha256 && c->context)
                return 0;
        chain_deinit(c);
        return -ENOMEM;
}

void chain_deinit(struct chain *c) {
        EVP_MD_CTX_free(c->context);
        EVP_MD_free(c->sha256);
        *c = (struct chain){ 0 };
}

/* What can't be digested has zeros, as if a chain began: whoever verifies it asks. */
void chain_digest(struct chain *c, struct str bytes, char out[static CHAIN_DIGEST + 1]) {
        static const char digits[] = "0123456789abcdef";
        unsigned char digest[CHAIN_DIGEST / 2];

        memcpy(out, zeros, CHAIN_DIGEST + 1);
        if (!EVP_DigestInit_ex2(c->context, c->sha256, NULL) || !EVP_DigestUpdate(c->context, bytes.p, bytes.n) ||
            !EVP_DigestFinal_ex(c->context, digest, NULL))
                return;
        for (size_t i = 0; i < sizeof(digest); ++i) {
                out[2 * i] = digits[digest[i] >> 4];
                out[2 * i + 1] = digits[digest[i] & 15];
        }
}

void chain_pass(struct chain *c, struct str line) {
        chain_digest(c, line, c->digest);
}

void chain_seal(struct chain *c, char *lines, size_t n) {
        const size_t behind = sizeof(END) - 1 + CHAIN_DIGEST;

        for (char *line = lines; line < lines + n;) {
                char *end = memchr(line, '\n', (size_t)(lines + n - line));

                assert(end && (size_t)(end + 1 - line) > behind);
                memcpy(end + 1 - behind, c->digest, CHAIN_DIGEST);
                chain_pass(c, (struct str){ line, (size_t)(end + 1 - line) });
                line = end + 1;
        }
}
