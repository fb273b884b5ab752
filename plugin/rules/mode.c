#include "docksill/rules/mode.h"

#include "docksill/base/cleanup.h"
#include <assert.h>

static const struct str modes[] = {
        [MODE_ENFORCE] = STR("enforce"), [MODE_AUDIT] = STR("audit"), [MODE_ENFORCE_HARD] = STR("enforce-hard")
};

struct str mode_name(enum mode mode) {
        assert(mode < ARRAY_SIZE(modes));
        return modes[mode];
}

bool mode_parse(struct str name, enum mode *out) {
        for (unsigned i = 0; i < ARRAY_SIZE(modes); ++i)
                if (str_eq(name, modes[i])) {
                        *out = i;
                        return true;
                }
        return false;
}
