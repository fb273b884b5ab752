#include "report-control.h"
#include <string.h>

static bool goes_on(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || memchr("._-/", c, 4);
}

/* "/run/containerd" is not in "/run/containerd/containerd.sock". */
static bool holds_place(struct str text, struct str place) {
        while (place.n && text.n >= place.n) {
                size_t at = str_search(text, place), end = at + place.n;

                if (at >= text.n)
                        return false;
                if (place.p[place.n - 1] == '/' || end == text.n || !goes_on(text.p[end]))
                        return true;
                text = str_skip(text, at + 1);
        }
        return false;
}

static bool holds_one(const struct report_control *c, struct str text) {
        for (size_t i = 0; i < c->n_places; ++i)
                if (holds_place(text, c->places[i]))
                        return true;
        return false;
}

static bool names(const struct report_control *c, const struct report_finding *f, struct str message) {
        return holds_one(c, message) || holds_one(c, f->where) || holds_one(c, f->file);
}

static bool serves(const struct report_control *c, size_t check) {
        for (size_t i = 0; i < c->n_checks; ++i)
                if (c->checks[i] == check)
                        return true;
        return false;
}

/* Of what a control's own places do not name. */
static bool owns_the_rest(const struct report_framework *framework, const struct report_control *control,
                          const struct report_finding *f, struct str message) {
        bool placeless = false;

        for (size_t i = 0; i < framework->n_controls; ++i) {
                const struct report_control *c = &framework->controls[i];

                if (!serves(c, f->check))
                        continue;
                if (names(c, f, message))
                        return false;
                placeless |= c->n_places == 0;
        }
        return control->n_places == 0 || !placeless;
}

static bool owns_one(const struct report_framework *framework, const struct report_control *control,
                     const struct report_finding *f, struct str message) {
        return names(control, f, message) || owns_the_rest(framework, control, f, message);
}

/* Of one instance that may be the control's. */
static const struct str unlisted = STR("may be one of those that are not listed one by one");

bool control_owns(const struct report_framework *framework, const struct report_control *control,
                  const struct report_finding *f, const struct str **message) {
        const struct str *unasked;

        if (!message)
                message = &unasked;
        *message = &f->message;
        if ((f->state != REPORT_FAIL && f->state != REPORT_EXEMPT) || owns_one(framework, control, f, f->message))
                return true;
        for (size_t i = 0; i < f->n_more; ++i) {
                *message = &f->more[i];
                if (owns_one(framework, control, f, f->more[i]))
                        return true;
        }
        /* A finding keeps few of its instances. */
        *message = &unlisted;
        return f->instances > f->n_more + 1;
}

static bool passes(const struct report *r, const struct report_control *c) {
        for (size_t i = 0; i < c->n_checks; ++i)
                if (r->checks.items[c->checks[i]].states[REPORT_PASS])
                        return true;
        return c->state == REPORT_FAIL || c->state == REPORT_EXEMPT; /* by findings that are another's */
}

enum report_state control_state(const struct report *r, const struct report_framework *framework,
                                const struct report_control *control, size_t *fails) {
        enum report_state worst = REPORT_NOT_APPLICABLE;
        size_t n = 0;

        for (size_t i = 0; i < r->findings.n; ++i) {
                const struct report_finding *f = &r->findings.items[i];

                if (f->state >= REPORT_NOT_APPLICABLE || !serves(control, f->check) ||
                    !control_owns(framework, control, f, NULL))
                        continue;
                worst = f->state < worst ? f->state : worst;
                n += f->state == REPORT_FAIL;
        }
        if (fails)
                *fails = n;
        if (worst < REPORT_NOT_APPLICABLE)
                return worst;
        if (!passes(r, control))
                return control->state;
        return control->partly ? REPORT_UNKNOWN : REPORT_PASS;
}
