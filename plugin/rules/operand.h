#pragma once
/*
 * operand: what a test compares with.
 */
#include "docksill/base/str.h"

struct regex;

/* One thing compared with, typed as the fact is. */
struct operand {
        union {
                struct str text; /* string, enum, version, address, image, capability, path */
                int64_t number;  /* integer, bytes, duration */
                bool flag;
                struct {
                        int32_t lo, hi;
                } port;
                const struct regex *regex;
        };
        size_t head; /* of a path: bytes before the first *, all when there is none */
};

enum operand_kind { OPERAND_TEXT, OPERAND_NUMBER, OPERAND_FLAG, OPERAND_PORT, OPERAND_REGEX };
