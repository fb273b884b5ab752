#pragma once
/*
 * base64: standard alphabet with padding, strictly (RFC 4648 section 4).
 *
 * Go's encoder, which dockerd uses for bodies, writes exactly one spelling of any body; any other spelling (white
 * space, missing padding, non-zero spare bits, the URL alphabet) did not come from dockerd.
 */
#include "docksill/base/arena.h"
#include "docksill/base/str.h"

/* Bytes that @n characters decode to at most. */
static inline size_t base64_size(size_t n) {
        return n / 4 * 3;
}

/**
 * base64_decode() - decode @text into @to
 * @to: room for base64_size(text.n) bytes
 * @n:  bytes written; on success only
 *
 * Returns 0 or -EINVAL.
 */
must_check_ int base64_decode(char *to, size_t *n, struct str text);
