#pragma once
/*
 * go-bool: truth values that stand as text in options, as Go's strconv.ParseBool reads them.
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/str.h"

/* Returns false, and leaves @out, for anything but Go's twelve spellings. */
must_check_ static inline bool go_bool_parse(struct str s, bool *out) {
        static const char *const yes[] = { "1", "t", "T", "true", "TRUE", "True" };
        static const char *const no[] = { "0", "f", "F", "false", "FALSE", "False" };

        for (size_t i = 0; i < ARRAY_SIZE(yes); ++i) {
                if (!str_eqz(s, yes[i]) && !str_eqz(s, no[i]))
                        continue;
                *out = str_eqz(s, yes[i]);
                return true;
        }
        return false;
}
