#include "docksill/decide/decision.h"

#include <assert.h>
#include <errno.h>
#include <sys/random.h>

struct str verdict_name(enum verdict v) {
        static const struct str names[] = {
                [VERDICT_ALLOW] = STR("allow"),
                [VERDICT_WARN] = STR("warn"),
                [VERDICT_DENY] = STR("deny"),
        };

        assert(v < ARRAY_SIZE(names));
        return names[v];
}

struct str gate_name(enum gate g) {
        static const struct str names[] = {
                [GATE_NONE] = STR("none"),
                [GATE_ACCESS] = STR("access"),
                [GATE_MEMORY] = STR("memory"),
                [GATE_HARD] = STR("hard"),
                [GATE_DENY_SEVERITY] = STR("severity"),
                [GATE_DENY_POINTS] = STR("points"),
                [GATE_WARN_SEVERITY] = STR("warn-severity"),
                [GATE_WARN_POINTS] = STR("warn-points"),
                [GATE_UNKNOWN] = STR("unknown"),
        };

        assert(g < ARRAY_SIZE(names));
        return names[g];
}

void decision_id_add(struct text *t, uint64_t id) {
        static const char digits[] = "0123456789abcdef";
        char hex[DECISION_ID_SIZE];

        for (size_t i = DECISION_ID_SIZE; i-- > 0; id >>= 4)
                hex[i] = digits[id & 15];
        text_add(t, (struct str){ hex, sizeof(hex) });
}

int decision_ids_init(struct decision_ids *ids) {
        uint64_t state;
        ssize_t n = getrandom(&state, sizeof(state), 0);

        if (n < 0)
                return -errno;
        assert(n == sizeof(state)); /* getrandom(2): up to 256 bytes come whole */
        ids->state = state;
        return 0;
}

/* splitmix64 (Steele, Lea, Flood 2014): every state gives another number, so no id comes twice in a process's life. Ids
 * name decisions; they are no secret. */
uint64_t decision_ids_next(struct decision_ids *ids) {
        uint64_t z = ids->state += 0x9e3779b97f4a7c15;

        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        return z ^ z >> 31;
}
