#include "fit.h"
#include <inttypes.h>

/* What a program takes that starts as root to become somebody else: it gives away its files, and changes user. */
static const unsigned stepping_down[] = { CAPABILITY_CHOWN, CAPABILITY_DAC_OVERRIDE, CAPABILITY_FOWNER,
                                          CAPABILITY_SETGID, CAPABILITY_SETUID };

/* All its processes at once. */
struct powers {
        uint64_t held;     /* by any; what is only inheritable old engines gave to all */
        uint64_t by_users; /* by some that is not root */
        size_t root, others, gained, confined;
        const struct observed_process *example; /* that gained something */
        const struct observed_process *other;   /* that is not root */
        bool one_user;                          /* all of those are the same user and group */
};

static bool is_root(const struct observed_process *p) {
        for (size_t i = 0; i < IDS; ++i)
                if (p->user[i] == 0)
                        return true;
        return false;
}

static bool is_same(const struct observed_process *a, const struct observed_process *b) {
        return a->user[ID_REAL] == b->user[ID_REAL] && a->group[ID_REAL] == b->group[ID_REAL];
}

/* A set-user-ID program runs as another than who started it; one with capabilities of its file has some without being
 * root. Root that is another for a while gained nothing. */
static bool has_gained(const struct observed_process *p, bool from_root) {
        if (p->user[ID_REAL] == 0)
                return false;
        return p->user[ID_REAL] != p->user[ID_EFFECTIVE] || p->group[ID_REAL] != p->group[ID_EFFECTIVE] ||
               (!from_root && !is_root(p) && ((p->effective | p->permitted) & ~p->ambient));
}

static struct powers powers_of(const struct fitting *f) {
        struct powers w = { .one_user = true };
        bool from_root = fit_starts_as_root(f);

        for (size_t i = 0; i < f->o->processes.n; ++i) {
                const struct observed_process *p = &f->o->processes.items[i];
                uint64_t held = p->effective | p->permitted | p->ambient;

                w.held |= held;
                w.confined += p->no_new_privileges;
                if (has_gained(p, from_root)) {
                        ++w.gained;
                        w.example = p;
                }
                if (is_root(p)) {
                        ++w.root;
                        continue;
                }
                ++w.others;
                w.by_users |= held;
                w.one_user = w.one_user && (!w.other || is_same(p, w.other));
                w.other = p;
        }
        return w;
}

/* -- no-new-privileges -- */

static void fit_no_new_privileges(const struct fitting *f, const struct powers *w) {
        struct suggestion *s;
        size_t n = f->o->processes.n;

        if (str_eqz(f->facts->container.no_new_privileges.value, "on"))
                return;
        s = fit_add(f, "no-new-privileges", w->gained ? LIKELY : n ? fit_by_age(f) : OVER_TIME);
        if (w->gained) {
                s->applied = false;
                s->instead = STR_C("leave no-new-privileges out");
                s->evidence = fit_text(f,
                                       "process %" PRId64 " (%" STR_FMT ") runs with more than who started it, as by a "
                                       "set-user-ID program: with the option it would not",
                                       w->example->pid, STR_ARG(w->example->name));
                return;
        }
        fit_flag(f, s, "--security-opt no-new-privileges:true");
        if (n && w->confined == n) {
                s->sure = SURE;
                s->evidence = STR_C("the engine gives it to all processes already");
        } else if (n) {
                s->evidence =
                        fit_text(f, "none of its processes (%zu) has gained anything by a set-user-ID program", n);
        } else {
                s->evidence = STR_C("its processes could not be seen; it stops only set-user-ID programs such as sudo");
        }
}

/* -- capabilities -- */

static bool has(const struct fact_set *set, const char *name) {
        return str_is_among(str_from(name), set->items, set->n);
}

static bool is_added(const struct fitting *f, unsigned bit) {
        return str_is_among(capability_name(f->out->arena, bit), f->facts->container.capabilities_added.items,
                            f->facts->container.capabilities_added.n);
}

/* Names of @set between commas. */
static struct str names_of(const struct fitting *f, uint64_t set) {
        struct text t;

        text_init_arena(&t, f->out->arena);
        for (unsigned bit = 0; bit < CAPABILITIES; ++bit)
                if (set >> bit & 1) {
                        text_addz(&t, t.n ? ", " : "");
                        text_add(&t, capability_name(f->out->arena, bit));
                }
        return text_str(&t);
}

/* What was asked for beside the default, and nobody holds. */
static void fit_added(const struct fitting *f, const struct powers *w) {
        const struct fact_set *added = &f->facts->container.capabilities_added;
        bool from_root = fit_starts_as_root(f);

        for (size_t i = 0; i < added->n; ++i) {
                struct suggestion *s;
                unsigned bit;

                if (!capability_bit(added->items[i], &bit))
                        continue;
                if (w->held >> bit & 1) {
                        s = fit_add(f, "capabilities", OVER_TIME);
                        s->applied = false;
                        s->instead = fit_text(f, "keep --cap-add %" STR_FMT, STR_ARG(added->items[i]));
                        s->evidence =
                                fit_text(f, "a process holds it; that it uses it nothing shows but use over time, or a "
                                            "try without it");
                        continue;
                }
                s = fit_add(f, "capabilities", from_root ? OVER_TIME : LIKELY);
                s->applied = !from_root && f->o->processes_told;
                s->instead = fit_text(f, "leave out --cap-add %" STR_FMT, STR_ARG(added->items[i]));
                fit_edit(f, s, EDIT_NO_CAPABILITY, added->items[i]);
                s->evidence = from_root ? STR_C("no process holds it now; before it stepped down from root it may have "
                                                "been used")
                                        : STR_C("no process holds it: who starts as a user is not given what is added");
        }
}

/* On the engine's own networks any program may listen on any port. */
static bool needs_low_port(const struct fitting *f) {
        struct str network = f->facts->container.network.value;

        if (!str_eqz(network, "host") && !str_starts(network, STR_C("container:")))
                return false;
        for (size_t i = 0; i < f->o->listeners.n; ++i)
                if (f->o->listeners.items[i].port < 1024)
                        return true;
        return !f->o->sockets_told;
}

/* Of those that a root start takes, and what was seen. */
static uint64_t needed_by_root(const struct fitting *f, const struct powers *w) {
        uint64_t needed = w->by_users;

        for (size_t i = 0; i < ARRAY_SIZE(stepping_down); ++i)
                needed |= UINT64_C(1) << stepping_down[i];
        if (w->root && w->others)
                needed |= UINT64_C(1) << CAPABILITY_KILL;
        if (f->o->raw_sockets || f->o->packet_sockets)
                needed |= UINT64_C(1) << CAPABILITY_NET_RAW;
        if (needs_low_port(f))
                needed |= UINT64_C(1) << CAPABILITY_NET_BIND_SERVICE;
        return needed;
}

static void add_capabilities(const struct fitting *f, struct suggestion *s, uint64_t set) {
        for (unsigned bit = 0; bit < CAPABILITIES; ++bit)
                if (set >> bit & 1 && !is_added(f, bit)) {
                        struct str name = capability_name(f->out->arena, bit);

                        fit_flag(f, s, "--cap-add=%" STR_FMT, STR_ARG(name));
                }
}

static struct str why_root(const struct fitting *f, const struct powers *w, uint64_t needed) {
        struct text t;

        text_init_arena(&t, f->out->arena);
        if (!f->o->processes.n)
                text_addz(&t,
                          "its processes could not be seen; starts as root: kept is what a program takes that steps "
                          "down to a user");
        else if (!w->root)
                text_addf(&t, "starts as root, and is user %u now: kept is what stepping down takes",
                          w->other->user[ID_REAL]);
        else if (w->others)
                text_addf(&t,
                          "of its processes %zu are root and %zu user %u: kept is what stepping down takes, and KILL "
                          "to signal "
                          "those",
                          w->root, w->others, w->other->user[ID_REAL]);
        else
                text_addz(&t, "all its processes are root, which holds capabilities without using them: kept is what "
                              "programs "
                              "of root use most");
        if (needed >> CAPABILITY_NET_RAW & 1)
                text_addz(&t, "; raw sockets are open");
        if (needed >> CAPABILITY_NET_BIND_SERVICE & 1)
                text_addz(&t, f->o->sockets_told
                                      ? "; it listens on a port below 1024 of a network that is not its own"
                                      : "; what it listens on could not be seen, on a network that is not its own");
        if (w->by_users)
                text_addf(&t, "; a process that is not root holds %" STR_FMT, STR_ARG(names_of(f, w->by_users)));
        return text_str(&t);
}

static void fit_capabilities(const struct fitting *f, const struct powers *w) {
        struct suggestion *s;
        uint64_t needed;

        fit_added(f, w);
        if (has(&f->facts->container.capabilities_dropped, "ALL"))
                return;
        s = fit_add(f, "capabilities", LIKELY);
        fit_flag(f, s, "--cap-drop=ALL");
        if (fit_starts_as_root(f)) {
                needed = needed_by_root(f, w);
                add_capabilities(f, s, needed);
                /* That root does without the others nothing shows, however long it is looked at. */
                s->sure = w->others ? fit_by_age(f) : OVER_TIME;
                s->evidence = why_root(f, w, needed);
                return;
        }
        add_capabilities(f, s, w->held);
        if (w->held)
                s->evidence = fit_text(f, "starts as a user; its processes hold %" STR_FMT " alone",
                                       STR_ARG(names_of(f, w->held)));
        else if (f->o->processes.n)
                s->evidence =
                        fit_text(f, "starts as a user, and none of its processes (%zu) holds any", f->o->processes.n);
        else
                s->evidence = STR_C("starts as a user, who holds none");
        if (!w->held && f->o->processes_told && w->confined == f->o->processes.n)
                s->sure = SURE;
}

/* -- the user -- */

static void fit_user(const struct fitting *f, const struct powers *w) {
        struct suggestion *s;

        if (!fit_starts_as_root(f) || !f->o->processes_told || w->root || !w->other || !w->one_user)
                return;
        if (w->other->user[ID_REAL] == ID_UNMAPPED || w->other->group[ID_REAL] == ID_UNMAPPED)
                return;
        s = fit_add(f, "user", OVER_TIME);
        s->applied = false;
        s->instead = fit_text(f, "try --user %u:%u, with --cap-drop=ALL alone", w->other->user[ID_REAL],
                              w->other->group[ID_REAL]);
        s->evidence =
                fit_text(f, "all its processes are that user by now; whether it starts so, what its entrypoint does as "
                            "root decides");
}

void fit_privileges(const struct fitting *f) {
        const struct powers w = powers_of(f);

        if (f->facts->container.privileged.value) {
                struct suggestion *s = fit_add(f, "privileged", OVER_TIME);

                s->applied = false;
                s->instead = STR_C("leave out --privileged, and give what it needs by name (--device, --cap-add)");
                s->evidence = STR_C("holds all capabilities and devices; which of them it uses nothing here shows");
                return;
        }
        fit_no_new_privileges(f, &w);
        fit_capabilities(f, &w);
        fit_user(f, &w);
}
