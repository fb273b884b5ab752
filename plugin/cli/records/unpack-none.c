#include "unpack.h"
#include <errno.h>

bool unpack_knows(struct str begin) {
        return str_starts(begin, STR_C("\x1f\x8b"));
}

int unpack_new(struct unpack **out unused_, int fd unused_, struct str begin unused_) {
        return -ENOTSUP;
}

void unpack_free(struct unpack *u unused_) {
}

ssize_t unpack_read(struct unpack *u unused_, char *to unused_, size_t n unused_) {
        return -ENOTSUP;
}
