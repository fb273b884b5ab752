#include "inspect.h"
#include "docksill/base/path.h"
#include "docksill/base/text.h"
#include "docksill/wire/gojson.h"
#include "docksill/wire/json.h"
#include <errno.h>

#define ID_SHOWN 12

/* A member of an object, or an element of a list: its key decoded, its value as spelt. */
struct member {
        struct str key, value;
        enum json_token token; /* the value's first */
        struct str text;       /* of a string: decoded */
};

struct members {
        struct member *items;
        size_t n, capacity;
};

/* The value that begins with @token, up to its end. */
static int take_value(struct json *j, enum json_token token, struct member *out) {
        const char *start = j->start;
        int r;

        out->token = token;
        out->text = token == TOKEN_STRING ? j->text : (struct str){ NULL, 0 };
        r = json_skip(j, token, 1, GOJSON_DEPTH);
        out->value = (struct str){ start, (size_t)(j->at - start) };
        return r == -ENOMEM ? r : r < 0 ? -EINVAL : 0;
}

static int take_member(struct json *j, enum json_token token, bool named, struct member *out) {
        if (named) {
                if (token != TOKEN_STRING)
                        return -EINVAL;
                out->key = j->text;
                if (json_next(j) != TOKEN_COLON)
                        return -EINVAL;
                token = json_next(j);
        }
        return take_value(j, token, out);
}

/* All members of an object, or elements of a list. -EINVAL when it is neither. */
static int members_read(struct arena *arena, struct str text, struct members *out) {
        enum json_token token;
        struct json j;
        bool named;

        *out = (struct members){ 0 };
        json_init(&j, arena, text);
        token = json_next(&j);
        if (token != TOKEN_OBJECT && token != TOKEN_ARRAY)
                return -EINVAL;
        named = token == TOKEN_OBJECT;
        token = json_next(&j);
        while (token != (named ? TOKEN_OBJECT_END : TOKEN_ARRAY_END)) {
                struct member *slot = ARENA_PUSH(arena, out);
                int r = slot ? take_member(&j, token, named, slot) : -ENOMEM;

                if (r < 0)
                        return r;
                token = json_next(&j);
                if (token == TOKEN_COMMA)
                        token = json_next(&j);
                else if (token != TOKEN_OBJECT_END && token != TOKEN_ARRAY_END)
                        return -EINVAL;
        }
        return 0;
}

/* Keys are spelt by dockerd, so case counts. */
static const struct member *member_find(const struct members *m, const char *key) {
        for (size_t i = 0; i < m->n; ++i)
                if (str_eqz(m->items[i].key, key))
                        return &m->items[i];
        return NULL;
}

static struct str text_of(const struct members *m, const char *key) {
        const struct member *one = member_find(m, key);

        return one ? one->text : (struct str){ NULL, 0 };
}

static bool is_object(const struct members *m, const char *key) {
        const struct member *one = member_find(m, key);

        return one && one->token == TOKEN_OBJECT;
}

bool inspect_is(struct arena *arena, struct str text) {
        struct members m;
        struct json j;

        json_init(&j, arena, text);
        if (json_next(&j) == TOKEN_ARRAY)
                return true;
        return members_read(arena, text, &m) == 0 && is_object(&m, "Config") && is_object(&m, "HostConfig");
}

static void begin_member(struct text *out, struct str key) {
        if (out->n && out->p[out->n - 1] != '{')
                text_add_char(out, ',');
        text_add_json(out, key);
        text_add_char(out, ':');
}

static void begin_element(struct text *out) {
        if (out->n && out->p[out->n - 1] != '[')
                text_add_char(out, ',');
}

/* -- what dockerd adds -- */

static bool adds_label(const struct members *host) {
        const struct member *privileged = member_find(host, "Privileged");

        return str_eqz(text_of(host, "PidMode"), "host") || str_eqz(text_of(host, "IpcMode"), "host") ||
               (privileged && privileged->token == TOKEN_TRUE);
}

static int add_security_opt(struct text *out, struct arena *arena, const struct members *host,
                            const struct member *opt) {
        struct members options;
        int r;

        if (opt->token != TOKEN_ARRAY || !adds_label(host)) {
                text_add(out, opt->value);
                return 0;
        }
        r = members_read(arena, opt->value, &options);
        if (r < 0)
                return r;
        text_add_char(out, '[');
        for (size_t i = 0; i < options.n; ++i)
                if (!str_eqz(options.items[i].text, "label=disable")) {
                        begin_element(out);
                        text_add(out, options.items[i].value);
                }
        text_add_char(out, ']');
        return 0;
}

/* -- what --volumes-from brings in -- */

static bool inherits(struct arena *arena, const struct members *host) {
        const struct member *from = member_find(host, "VolumesFrom");
        struct members peers;

        return from && from->token == TOKEN_ARRAY && members_read(arena, from->value, &peers) == 0 && peers.n > 0;
}

/* The engine shows where it mounted, spelt clean. */
static bool leads_to(struct arena *arena, struct str asked, struct str target) {
        return path_clean(arena, asked, &asked) == 0 && str_eq(asked, target);
}

/* Whether the container's own settings mount something there: "source:/target:mode", or a mount's Target. */
static bool is_own(struct arena *arena, const struct members *host, struct str target) {
        const struct member *binds = member_find(host, "Binds"), *mounts = member_find(host, "Mounts");
        struct members list, mount;

        if (binds && members_read(arena, binds->value, &list) == 0)
                for (size_t i = 0; i < list.n; ++i) {
                        struct str rest = list.items[i].text;

                        str_cut(&rest, ':');
                        if (leads_to(arena, str_cut(&rest, ':'), target))
                                return true;
                }
        if (mounts && members_read(arena, mounts->value, &list) == 0)
                for (size_t i = 0; i < list.n; ++i)
                        if (members_read(arena, list.items[i].value, &mount) == 0 &&
                            leads_to(arena, text_of(&mount, "Target"), target))
                                return true;
        return false;
}

static int add_inherited(struct text *out, struct arena *arena, const struct members *top, const struct members *host) {
        const struct member *mounts = member_find(top, "Mounts");
        struct members list, mount;
        int r = mounts && mounts->token == TOKEN_ARRAY ? members_read(arena, mounts->value, &list) : -ENOENT;

        if (r < 0)
                return r == -ENOENT ? 0 : r;
        for (size_t i = 0; i < list.n; ++i) {
                const struct member *writable;

                r = members_read(arena, list.items[i].value, &mount);
                if (r < 0)
                        return r;
                if (!str_eqz(text_of(&mount, "Type"), "bind") || is_own(arena, host, text_of(&mount, "Destination")))
                        continue;
                writable = member_find(&mount, "RW");
                begin_element(out);
                text_addz(out, "{\"Type\":\"bind\",\"Source\":");
                text_add_json(out, text_of(&mount, "Source"));
                text_addz(out, ",\"Target\":");
                text_add_json(out, text_of(&mount, "Destination"));
                text_addz(out, writable && writable->token == TOKEN_FALSE ? ",\"ReadOnly\":true}" : "}");
        }
        return 0;
}

/* The container's own mounts first, so that their places stay what they are. */
static int add_mounts(struct text *out, struct arena *arena, const struct members *top, const struct members *host) {
        const struct member *own = member_find(host, "Mounts");
        struct members list = { 0 };
        int r = own && own->token == TOKEN_ARRAY ? members_read(arena, own->value, &list) : 0;

        if (r < 0)
                return r;
        begin_member(out, STR_C("Mounts"));
        text_add_char(out, '[');
        for (size_t i = 0; i < list.n; ++i) {
                begin_element(out);
                text_add(out, list.items[i].value);
        }
        r = add_inherited(out, arena, top, host);
        text_add_char(out, ']');
        return r;
}

/* Every engine masks at least these, and inspect lists what its engine masks by itself: who asked for just these can't
 * be told from who asked for none (moby oci/defaults.go, 20.10). */
static bool is_default_masks(struct arena *arena, const struct member *m) {
        static const struct str masked[] = {
                STR("/proc/asound"),     STR("/proc/acpi"),        STR("/proc/kcore"), STR("/proc/keys"),
                STR("/proc/timer_list"), STR("/proc/sched_debug"), STR("/proc/scsi"),  STR("/sys/firmware"),
        };
        struct members list;
        size_t found = 0;

        if (!str_eqz(m->key, "MaskedPaths") || m->token != TOKEN_ARRAY || members_read(arena, m->value, &list) < 0)
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(masked); ++i)
                for (size_t k = 0; k < list.n; ++k)
                        if (str_eq(list.items[k].text, masked[i])) {
                                ++found;
                                break;
                        }
        return found == ARRAY_SIZE(masked);
}

/* -- the body -- */

static int add_host_config(struct text *out, struct arena *arena, const struct members *top, const struct members *host,
                           struct inspected *c) {
        bool inherited = inherits(arena, host);
        int r = 0;

        begin_member(out, STR_C("HostConfig"));
        text_add_char(out, '{');
        for (size_t i = 0; r == 0 && i < host->n; ++i) {
                const struct member *m = &host->items[i];

                if ((inherited && str_eqz(m->key, "Mounts")) || is_default_masks(arena, m))
                        continue;
                if (str_eqz(m->key, "CgroupnsMode") && str_eqz(m->text, "host")) {
                        c->cgroupns_host = true;
                        continue;
                }
                begin_member(out, m->key);
                if (str_eqz(m->key, "SecurityOpt"))
                        r = add_security_opt(out, arena, host, m);
                else
                        text_add(out, m->value);
        }
        if (r == 0 && inherited)
                r = add_mounts(out, arena, top, host);
        text_add_char(out, '}');
        return r;
}

/* What a client may ask for of an endpoint. All else dockerd fills in; the network's id among it, which would name the
 * network once more, and in a way that nobody can read. */
static bool is_asked_for(struct str key) {
        static const struct str asked[] = { STR("IPAMConfig"), STR("Links"), STR("Aliases"), STR("DriverOpts"),
                                            STR("GwPriority") };

        return str_is_among(key, asked, ARRAY_SIZE(asked));
}

static int add_endpoint(struct text *out, struct arena *arena, const struct member *network) {
        struct members endpoint;
        int r;

        begin_member(out, network->key);
        if (network->token != TOKEN_OBJECT) {
                text_add(out, network->value);
                return 0;
        }
        r = members_read(arena, network->value, &endpoint);
        text_add_char(out, '{');
        for (size_t i = 0; r == 0 && i < endpoint.n; ++i)
                if (is_asked_for(endpoint.items[i].key)) {
                        begin_member(out, endpoint.items[i].key);
                        text_add(out, endpoint.items[i].value);
                }
        text_add_char(out, '}');
        return r;
}

static int add_networks(struct text *out, struct arena *arena, const struct members *top) {
        const struct member *settings = member_find(top, "NetworkSettings"), *networks;
        struct members m;
        int r;

        if (!settings || settings->token != TOKEN_OBJECT)
                return 0;
        r = members_read(arena, settings->value, &m);
        if (r < 0)
                return r;
        networks = member_find(&m, "Networks");
        if (!networks || networks->token != TOKEN_OBJECT)
                return 0;
        r = members_read(arena, networks->value, &m);
        text_addz(out, ",\"NetworkingConfig\":{\"EndpointsConfig\":{");
        for (size_t i = 0; r == 0 && i < m.n; ++i)
                r = add_endpoint(out, arena, &m.items[i]);
        text_addz(out, "}}");
        return r;
}

static int container_read(struct arena *arena, struct str text, struct inspected *out) {
        struct members top, config, host;
        struct text body;
        int r = members_read(arena, text, &top);

        if (r < 0)
                return r;
        if (!is_object(&top, "Config") || !is_object(&top, "HostConfig"))
                return -EINVAL;
        r = members_read(arena, member_find(&top, "Config")->value, &config);
        if (r == 0)
                r = members_read(arena, member_find(&top, "HostConfig")->value, &host);
        if (r < 0)
                return r;

        text_init_arena(&body, arena);
        text_add_char(&body, '{');
        for (size_t i = 0; i < config.n; ++i) {
                begin_member(&body, config.items[i].key);
                text_add(&body, config.items[i].value);
        }
        r = add_host_config(&body, arena, &top, &host, out);
        if (r == 0)
                r = add_networks(&body, arena, &top);
        text_add_char(&body, '}');
        if (r < 0 || body.failed)
                return r < 0 ? r : -ENOMEM;
        out->body = text_str(&body);
        out->name = text_of(&top, "Name");
        if (str_starts(out->name, STR_C("/")))
                out->name = str_skip(out->name, 1);
        out->id = str_first(text_of(&top, "Id"), ID_SHOWN);
        return 0;
}

static int add_container(struct arena *arena, struct str text, struct inspected_list *out) {
        struct inspected *slot = ARENA_PUSH(arena, out);

        return slot ? container_read(arena, text, slot) : -ENOMEM;
}

int inspect_read(struct arena *arena, struct str text, struct inspected_list *out) {
        struct inspected_list list = { 0 };
        struct members elements;
        struct json j;
        int r;

        json_init(&j, arena, text);
        if (json_next(&j) != TOKEN_ARRAY) {
                r = add_container(arena, text, &list);
        } else {
                r = members_read(arena, text, &elements);
                for (size_t i = 0; r == 0 && i < elements.n; ++i)
                        r = add_container(arena, elements.items[i].value, &list);
        }
        if (r == 0)
                *out = list;
        return r;
}
