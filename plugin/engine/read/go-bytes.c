#include "go-bytes.h"
#include "docksill/wire/base64.h"

static struct str without_line_ends(char *to, struct str text) {
        size_t n = 0;

        for (size_t i = 0; i < text.n; ++i)
                if (text.p[i] != '\r' && text.p[i] != '\n')
                        to[n++] = text.p[i];
        return (struct str){ to, n };
}

bool go_bytes_decode(struct arena *arena, struct str text, struct str *out) {
        char *p = arena_bytes(arena, base64_size(text.n) + 1), *plain;
        size_t n;

        if (!p)
                return false;
        if (str_find(text, '\n') < text.n || str_find(text, '\r') < text.n) {
                plain = arena_bytes(arena, text.n);
                if (!plain)
                        return false;
                text = without_line_ends(plain, text);
        }
        if (base64_decode(p, &n, text) < 0)
                return false;
        *out = (struct str){ p, n };
        return true;
}
