/*
 * read: what docksill makes of a request, in the lines that decode/ prints of dockerd's reading.
 *
 *      diff-read [ASKED [NEWEST]]
 *
 * What stands after "1." of the API that the bodies are sent to, and of the newest that the engine speaks; 41 unless
 * given.
 *
 * Frames come on standard input as decode/frame.go has them. A line is "flaw NAME,…", or "read" and what was read of a
 * create body, or "route" and what a target means.
 */
#include "canonical.h"
#include "docksill/engine/request.h"
#include "read/create.h"
#include "support/envelope.h"
#include <stdio.h>
#include <stdlib.h>

#define MEMORY ((size_t)64 << 20)

struct reader {
        struct arena arena;
        struct text call, line;
        unsigned asked, newest;
};

static void add_flaws(struct text *t, const struct flaws *flaws) {
        text_addz(t, "flaw\t");
        for (unsigned flaw = 0; flaw < FLAWS; ++flaw) {
                if (!flaws_have(flaws, flaw))
                        continue;
                if (t->p[t->n - 1] != '\t')
                        text_add_char(t, ',');
                text_add(t, flaw_name(flaw));
        }
}

/* -- lists, in an order of their own: dockerd's come out of maps -- */

struct items {
        struct str *p;
        size_t n;
};

static int by_bytes(const void *a, const void *b) {
        return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static struct items items_new(struct reader *r, size_t n) {
        struct items items = { .p = arena_array(&r->arena, n + 1, sizeof(struct str)) };

        if (!items.p)
                abort();
        return items;
}

static void add_sorted(struct text *t, struct items items) {
        qsort(items.p, items.n, sizeof(*items.p), by_bytes);
        text_add_char(t, '[');
        for (size_t i = 0; i < items.n; ++i) {
                if (i > 0)
                        text_add_char(t, ',');
                text_add(t, items.p[i]);
        }
        text_add_char(t, ']');
}

static void add_set(struct reader *r, const char *name, const struct fact_set *set) {
        struct items items = items_new(r, set->n);

        for (size_t i = 0; i < set->n; ++i) {
                struct text one;

                text_init_arena(&one, &r->arena);
                canonical_string(&one, set->items[i]);
                items.p[items.n++] = text_str(&one);
        }
        text_addf(&r->line, "\t%s=", name);
        add_sorted(&r->line, items);
}

static void add_ports(struct reader *r, const struct fact_list *list) {
        const struct port_fact *ports = list->items;
        struct items items = items_new(r, list->n);

        for (size_t i = 0; i < list->n; ++i) {
                struct text one;

                text_init_arena(&one, &r->arena);
                text_addf(&one, "%d %d %d ", ports[i].container.lo, ports[i].host.lo, ports[i].host.hi);
                text_add(&one, ports[i].reach.value);
                items.p[items.n++] = text_str(&one);
        }
        text_addz(&r->line, "\tports=");
        add_sorted(&r->line, items);
}

static void add_mount(struct text *t, const struct mount_fact *m) {
        bool host = str_eqz(m->kind.value, "host");
        /* Made by the local driver without a bind: which file system it is, is a word of docksill's. */
        bool other = str_eqz(m->via.value, "volume-options") && !host;

        text_add(t, other ? STR_C("*") : m->kind.value);
        text_add_char(t, ' ');
        canonical_string(t, other ? STR_C("*") : host && m->source.n ? m->source.spelling[0] : STR_C(""));
        text_add_char(t, ' ');
        canonical_string(t, m->target.value);
        text_addz(t, m->read_only.value ? " true" : " false");
}

static void add_mounts(struct reader *r, const struct fact_list *list) {
        const struct mount_fact *mounts = list->items;
        struct items items = items_new(r, list->n);

        for (size_t i = 0; i < list->n; ++i) {
                struct text one;

                text_init_arena(&one, &r->arena);
                add_mount(&one, &mounts[i]);
                items.p[items.n++] = text_str(&one);
        }
        text_addz(&r->line, "\tmounts=");
        add_sorted(&r->line, items);
}

static void add_devices(struct reader *r, const struct fact_list *list) {
        const struct device_fact *devices = list->items;
        struct items items = items_new(r, list->n);

        for (size_t i = 0; i < list->n; ++i) {
                struct text one;

                text_init_arena(&one, &r->arena);
                canonical_string(&one, devices[i].path.n ? devices[i].path.spelling[0] : STR_C(""));
                text_add_char(&one, ' ');
                canonical_string(&one, devices[i].permissions.value);
                items.p[items.n++] = text_str(&one);
        }
        text_addz(&r->line, "\tdevices=");
        add_sorted(&r->line, items);
}

static void add_joins(struct reader *r, const struct fact_list *list) {
        const struct join_fact *joins = list->items;
        struct items items = items_new(r, list->n);

        for (size_t i = 0; i < list->n; ++i) {
                struct text one;

                text_init_arena(&one, &r->arena);
                text_add(&one, joins[i].namespace.value);
                text_add_char(&one, ' ');
                canonical_string(&one, joins[i].peer.value);
                items.p[items.n++] = text_str(&one);
        }
        text_addz(&r->line, "\tjoins=");
        add_sorted(&r->line, items);
}

/* -- single facts -- */

static void add_word(struct reader *r, const char *name, struct str value) {
        text_addf(&r->line, "\t%s=", name);
        text_add(&r->line, value);
}

static void add_bool(struct reader *r, const char *name, const struct fact_bool *b) {
        add_word(r, name, b->value ? STR_C("true") : STR_C("false"));
}

static void add_quoted(struct reader *r, const char *name, struct str value) {
        text_addf(&r->line, "\t%s=", name);
        canonical_string(&r->line, value);
}

/* "!": a profile that docksill says it can't read. */
static void add_seccomp(struct reader *r, const struct facts *f) {
        if (f->container.seccomp_readable.head.given && !f->container.seccomp_readable.value) {
                text_addz(&r->line, "\tseccomp=!\tseccomp-default=!");
                return;
        }
        add_word(r, "seccomp", f->container.seccomp_mode.value);
        add_quoted(r, "seccomp-default", f->container.seccomp_default_action.value);
}

static void add_image(struct reader *r, const struct facts *f) {
        bool id = f->image.id.head.given;

        text_addz(&r->line, "\timage=[");
        canonical_string(&r->line, id ? STR_C("") : f->image.name.value);
        text_add_char(&r->line, ',');
        canonical_string(&r->line, f->image.tag.value);
        text_add_char(&r->line, ',');
        canonical_string(&r->line, id ? f->image.id.value : f->image.digest.value);
        text_addf(&r->line, ",%s]", f->image.pinned.value ? "true" : "false");
}

static void add_namespaces(struct reader *r, const struct facts *f) {
        const struct {
                const char *name;
                struct str mode;
        } all[] = {
                { "network", f->container.network.value }, { "pid", f->container.pid.value },
                { "ipc", f->container.ipc.value },         { "uts", f->container.uts.value },
                { "userns", f->container.userns.value },   { "cgroup", f->container.cgroupns.value },
        };
        bool any = false;

        text_addz(&r->line, "\tnamespaces=[");
        for (size_t i = 0; i < ARRAY_SIZE(all); ++i) {
                if (!str_eqz(all[i].mode, "host"))
                        continue;
                text_addf(&r->line, "%s%s", any ? "," : "", all[i].name);
                any = true;
        }
        text_add_char(&r->line, ']');
}

/* The columns of decode/facts.go, in that order. */
static void add_facts(struct reader *r, const struct facts *f) {
        add_set(r, "added", &f->container.capabilities_added);
        add_set(r, "dropped", &f->container.capabilities_dropped);
        add_word(r, "no-new-privileges", f->container.no_new_privileges.value);
        add_quoted(r, "apparmor", f->container.apparmor.value);
        add_seccomp(r, f);
        add_word(r, "root", f->container.user_root.value);
        add_bool(r, "group-root", &f->container.group_root);
        add_image(r, f);
        add_ports(r, &f->container.ports);
        add_mounts(r, &f->mounts);
        add_devices(r, &f->container.devices);
        add_bool(r, "unmasked", &f->container.unmasked_paths);
        add_word(r, "healthcheck", f->container.healthcheck.value);
        add_namespaces(r, f);
        add_joins(r, &f->container.joins);
}

/* -- a create -- */

static void wrap(struct reader *r, struct str body) {
        char uri[64];

        snprintf(uri, sizeof(uri), "/v1.%u/containers/create", r->asked);
        text_reset(&r->call);
        envelope_add(&r->call, (struct sent){ STR_C("POST"), str_from(uri), body.n > 0 ? body : (struct str){ 0 } });
}

static void add_decoded(struct reader *r, struct create_body *body) {
        text_addz(&r->line, "read\tconfig=");
        /* Go's wrapper holds these two beside the config. */
        {
                struct create_body config = *body;

                config.host_config = (struct host_config){ 0 };
                config.networking_config = (struct networking_config){ 0 };
                canonical_struct(&r->line, r->newest, &create_body_type, &config);
        }
        text_addz(&r->line, "\thost=");
        if (body->host_config.given) {
                if (str_empty(body->host_config.network_mode.value))
                        body->host_config.network_mode.value = STR_C("default"); /* as Go's decoder does */
                canonical_struct(&r->line, r->newest, &host_config_type, &body->host_config);
        } else {
                text_addz(&r->line, "null");
        }
        text_addz(&r->line, "\tnetwork=");
        {
                struct create_body network = { .networking_config = body->networking_config };
                size_t before = r->line.n;
                struct str written;

                canonical_struct(&r->line, r->newest, &create_body_type, &network);
                written = str_skip(text_str(&r->line), before);
                /* {"NetworkingConfig":{…}} without the shell */
                if (written.n > 2) {
                        size_t shell = strlen("{\"NetworkingConfig\":");

                        memmove(r->line.p + before, r->line.p + before + shell, written.n - shell);
                        text_cut(&r->line, r->line.n - shell - 1);
                }
        }
}

static void read_create(struct reader *r, struct str body) {
        struct request request;
        struct create_body decoded = { 0 };
        struct gojson_report report = { .flaws = &request.flaws };

        wrap(r, body);
        if (request_read(&request, &r->arena, text_str(&r->call)) != ENVELOPE_READ)
                abort();
        if (!flaws_any(&request.flaws) &&
            gojson_decode(&decoded, &create_body_type, &r->arena, &report, request.body, STR_C("")) < 0)
                abort();
        if (flaws_any(&request.flaws)) {
                add_flaws(&r->line, &request.flaws);
                return;
        }
        add_decoded(r, &decoded);
        add_facts(r, &request.facts);
}

/* -- a target -- */

/* Variables have other names in moby's tables. */
static void add_pattern(struct text *t, const char *path) {
        while (*path) {
                const char *close = *path == '{' ? strchr(path, '}') : NULL;

                if (!close) {
                        text_add_char(t, *path++);
                        continue;
                }
                text_addz(t, close[-1] == '*' ? "<any>" : "<one>");
                path = close + 1;
        }
}

static void add_query(struct reader *r, const struct target *target) {
        struct items items = items_new(r, target->n_parameters);

        for (size_t i = 0; i < target->n_parameters; ++i) {
                struct str key = target->parameters[i].key;
                struct text one;

                if (target_parameter(target, key).p != target->parameters[i].value.p)
                        continue; /* not the first */
                text_init_arena(&one, &r->arena);
                canonical_string(&one, key);
                text_add_char(&one, ':');
                canonical_string(&one, target->parameters[i].value);
                items.p[items.n++] = text_str(&one);
        }
        qsort(items.p, items.n, sizeof(*items.p), by_bytes);
        text_addz(&r->line, "\tquery={");
        for (size_t i = 0; i < items.n; ++i) {
                text_addz(&r->line, i > 0 ? "," : "");
                text_add(&r->line, items.p[i]);
        }
        text_add_char(&r->line, '}');
}

static void read_target(struct reader *r, struct str payload) {
        struct str rest = payload, method = str_cut(&rest, ' ');
        struct operation_variables variables;
        const struct operation *operation;
        struct flaws flaws = { 0 };
        struct target target;

        if (target_parse(&target, &r->arena, &flaws, rest) < 0)
                abort();
        operation = str_empty(target.path) ? NULL : operation_match(method, target.path, &variables);
        if (!operation)
                flaws_add(&flaws, FLAW_UNKNOWN_OPERATION, STR_C(""));
        if (flaws_any(&flaws)) {
                add_flaws(&r->line, &flaws);
                return;
        }
        text_addz(&r->line, "route\tpattern=");
        add_pattern(&r->line, operation->path);
        text_addz(&r->line, "\tversion=");
        if (target.version > 0)
                text_addf(&r->line, "1.%u", target.version);
        text_addz(&r->line, "\tpath=");
        canonical_string(&r->line, target.path);
        add_query(r, &target);
}

/* -- frames -- */

static void answer(struct reader *r, char kind, struct str payload) {
        arena_reset(&r->arena);
        text_reset(&r->line);
        text_add_char(&r->line, kind);
        text_add_char(&r->line, '\t');
        if (ascii_lower(kind) == 't')
                read_target(r, payload);
        else
                read_create(r, payload);
        text_add_char(&r->line, '\n');
        if (r->line.failed || r->call.failed || fwrite(r->line.p, 1, r->line.n, stdout) != r->line.n)
                abort();
}

int main(int argc, char **argv) {
        struct reader r = { .asked = 41, .newest = 41 };
        unsigned char head[5];

        if (argc > 1)
                r.asked = (unsigned)strtoul(argv[1], NULL, 10);
        if (argc > 2)
                r.newest = (unsigned)strtoul(argv[2], NULL, 10);
        arena_init(&r.arena, MEMORY);
        text_init(&r.call);
        text_init(&r.line);
        while (fread(head, 1, sizeof(head), stdin) == sizeof(head)) {
                size_t n = (size_t)head[1] << 24 | (size_t)head[2] << 16 | (size_t)head[3] << 8 | head[4];
                /* Of exactly its size, so that the sanitizer sees a byte read too far. */
                cleanup_(freep) char *payload = malloc(n ? n : 1);

                if (!payload || fread(payload, 1, n, stdin) != n)
                        return 1;
                answer(&r, (char)head[0], (struct str){ payload, n });
        }
        arena_deinit(&r.arena);
        text_deinit(&r.call);
        text_deinit(&r.line);
        return fflush(stdout) == 0 ? 0 : 1;
}
