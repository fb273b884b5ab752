#pragma once
/*
 * base64-wide: the greater part of a long text, many blocks in a step, where the processor can.
 *
 * base64-avx2.c for x86-64, which asks the processor; base64-narrow.c stands in elsewhere.
 */
#include <stddef.h>

/* Decodes whole blocks of the alphabet from the beginning of the @n characters at @from into @to, which has room for
 * all of them. Returns how many characters it took, a multiple of four and perhaps none: what follows, the end and the
 * first block that is wrong among it, is the caller's. */
size_t base64_wide(char *to, const char *from, size_t n);
