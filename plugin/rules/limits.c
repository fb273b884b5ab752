#include "docksill/rules/limits.h"

void limits_add_deny(struct text *t, const struct limits *l) {
        if (limits_deny_hard(l)) {
                text_addz(t, "what is hard alone");
                return;
        }
        text_add(t, severity_name(l->deny_severity));
        text_addf(t, " or %u %s", l->deny_points, l->deny_points == 1 ? "point" : "points");
}
