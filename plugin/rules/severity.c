#include "docksill/rules/severity.h"

#include <assert.h>

/* GUIDANCE 6.2: ten mediums weigh as one critical, so that a budget can be told in words. */
static const struct {
        struct str name;
        unsigned points;
} severities[SEVERITIES] = {
        [SEVERITY_NONE] = { STR("none"), 0 },  [SEVERITY_INFO] = { STR("info"), 0 },
        [SEVERITY_LOW] = { STR("low"), 3 },    [SEVERITY_MEDIUM] = { STR("medium"), 10 },
        [SEVERITY_HIGH] = { STR("high"), 40 }, [SEVERITY_CRITICAL] = { STR("critical"), 100 },
};

struct str severity_name(enum severity s) {
        assert(s < SEVERITIES);
        return severities[s].name;
}

bool severity_parse(struct str name, enum severity *out) {
        for (unsigned i = 0; i < SEVERITIES; ++i)
                if (str_eq(name, severities[i].name)) {
                        *out = i;
                        return true;
                }
        return false;
}

unsigned severity_points(enum severity s) {
        assert(s < SEVERITIES);
        return severities[s].points;
}
