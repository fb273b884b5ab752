#include "stand-in-object.h"
#include <errno.h>

int stand_in_state_init(struct stand_in_state *s, json_t *there) {
        *s = (struct stand_in_state){ .containers = json_array(),
                                      .networks = json_array(),
                                      .volumes = json_array(),
                                      .sought = json_array(),
                                      .there = there ? json_incref(there) : json_array() };
        return s->containers && s->networks && s->volumes && s->sought && s->there ? 0 : -ENOMEM;
}

void stand_in_state_deinit(struct stand_in_state *s) {
        json_decref(s->containers);
        json_decref(s->networks);
        json_decref(s->volumes);
        json_decref(s->sought);
        json_decref(s->there);
}

/* -- words -- */

/* The first twelve digits tell them apart: clients show and use no more. */
void object_add_id(struct text *t, struct stand_in_state *s) {
        text_addf(t, "d0c5%08x%052x", ++s->ids, 0);
}

/* Frees @tree; NULL: no memory. */
void object_add(struct text *t, json_t *tree) {
        cleanup_(freep) char *dump = tree ? json_dumps(tree, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

        if (dump)
                text_addz(t, dump);
        t->failed = t->failed || !dump;
        json_decref(tree);
}

/* Fails with what is not UTF-8; then it is a name that no engine takes. */
json_t *object_text(struct str s) {
        json_t *made = json_stringn(s.p ? s.p : "", s.n);

        return made ? made : json_string("?");
}

json_t *object_id_new(struct stand_in_state *s) {
        char digits[80];
        struct text t;

        text_init_fixed(&t, digits, sizeof(digits));
        object_add_id(&t, s);
        return json_stringn(t.p, t.n);
}

void object_not_found(struct stand_in_answer *out, const char *what) {
        out->status = 404;
        text_addf(&out->body, "{\"message\":\"no such %s\"}", what);
}

struct str object_variable(const struct stand_in_question *q) {
        return q->variables.n ? q->variables.items[0] : STR_C("");
}

/* -- what was created -- */

/* By its name, its id or the beginning of that. */
static json_t *find(const json_t *list, struct str name) {
        json_t *item;
        size_t i;

        json_array_foreach(list, i, item) {
                struct str id = str_from(json_string_value(json_object_get(item, "Id")));
                struct str known = str_from(json_string_value(json_object_get(item, "Name")));

                if (str_eq(known, name) || (known.n && known.p[0] == '/' && str_eq(str_skip(known, 1), name)) ||
                    (name.n >= 12 && str_starts(id, name)))
                        return item;
        }
        return NULL;
}

static json_t *body_of(const struct stand_in_question *q) {
        json_t *body = json_loadb(q->body.p ? q->body.p : "", q->body.n, 0, NULL);

        if (json_is_object(body))
                return body;
        json_decref(body);
        return json_object();
}

/* A member of @body, or an empty one; a reference of its own. */
static json_t *member(const json_t *body, const char *key) {
        json_t *found = json_object_get(body, key);

        return json_is_object(found) ? json_incref(found) : json_object();
}

/* Of a create's body, with what engines add and clients look at. */
static json_t *host_config(const json_t *body) {
        json_t *config = member(body, "HostConfig");
        json_auto_t *added =
                json_pack("{s:{s:s, s:{}}, s:s}", "LogConfig", "Type", "json-file", "Config", "NetworkMode", "default");

        (void)json_object_update_missing(config, added);
        return config;
}

/* What inspect shows of it, made of a create's body, which is given away. */
static json_t *container_new(struct str name, json_t *id, json_t *body) {
        json_t *networks = member(json_object_get(body, "NetworkingConfig"), "EndpointsConfig");
        struct text slashed;
        char buffer[300];
        json_t *made;

        text_init_fixed(&slashed, buffer, sizeof(buffer));
        text_addf(&slashed, "/%" STR_FMT, STR_ARG(name));
        made = json_pack(
                "{s:o, s:o, s:s, s:s, s:s, s:[], s:s, s:s, s:s, s:i, s:{s:s, s:b, s:i, s:i, s:s, s:s, s:{s:s}}, s:o, "
                "s:o, s:[], s:{s:o, s:{}}}",
                "Id", id, "Name", object_text(text_str(&slashed)), "Created", OBJECT_TIME, "Image", OBJECT_IMAGE,
                "Path", "", "Args", "Driver", "overlay2", "Platform", "linux", "MountLabel", "", "RestartCount", 0,
                "State", "Status", "created", "Running", 0, "Pid", 1, "ExitCode", 0, "StartedAt", OBJECT_TIME,
                "FinishedAt", OBJECT_TIME, "Health", "Status", "healthy", "HostConfig", host_config(body), "Config",
                json_incref(body), "Mounts", "NetworkSettings", "Networks", networks, "Ports");
        json_decref(body);
        return made;
}

static void container_run(json_t *container) {
        json_t *state = json_object_get(container, "State");

        (void)json_object_set_new(state, "Status", json_string("running"));
        (void)json_object_set_new(state, "Running", json_true());
}

void object_container_create(struct stand_in_answer *out, struct stand_in_state *s, const struct stand_in_question *q) {
        json_t *id = object_id_new(s);
        struct str name = target_parameter(q->target, STR_C("name"));
        json_t *made = container_new(name.n ? name : str_from(json_string_value(id)), json_incref(id), body_of(q));

        if (json_array_append_new(s->containers, made) < 0)
                out->body.failed = true;
        out->status = 201;
        object_add(&out->body, json_pack("{s:o, s:[]}", "Id", id, "Warnings"));
}

/* One that nobody created here is there as well: it is an older one, of which nothing is known. But buildx creates the
 * container of a builder where it finds none. */
void object_container_inspect(struct stand_in_answer *out, struct stand_in_state *s,
                              const struct stand_in_question *q) {
        json_t *found = json_incref(find(s->containers, object_variable(q)));

        if (!found && str_starts(object_variable(q), STR_C("buildx_buildkit_"))) {
                object_not_found(out, "container");
                return;
        }
        if (!found) {
                found = container_new(object_variable(q), object_id_new(s),
                                      json_pack("{s:s, s:{}}", "Image", "", "Labels"));
                container_run(found);
        }
        object_add(&out->body, found);
}

void object_container_start(struct stand_in_answer *out, struct stand_in_state *s, const struct stand_in_question *q) {
        json_t *found = find(s->containers, object_variable(q));

        if (found)
                container_run(found);
        out->status = 204;
}

/* -- lists -- */

/* The values of a filter: engines take {"label":{"a=b":true}} and {"label":["a=b"]}. Returns an array. */
static json_t *filter_values(const struct stand_in_question *q, const char *name) {
        struct str text = target_parameter(q->target, STR_C("filters"));
        json_t *filters = json_loadb(text.p ? text.p : "", text.n, 0, NULL), *values, *out = json_array(), *value;
        const char *key;
        size_t i;

        values = json_object_get(filters, name);
        json_object_foreach(values, key, value) {
                (void)json_array_append_new(out, json_string(key));
        }
        json_array_foreach(values, i, value) {
                (void)json_array_append(out, value);
        }
        json_decref(filters);
        return out;
}

static bool has_label(const json_t *labels, struct str wanted) {
        struct str key = str_cut(&wanted, '=');
        const json_t *value = json_object_getn(labels, key.p, key.n);

        return value && (!wanted.p || str_eqz(wanted, json_string_value(value) ? json_string_value(value) : ""));
}

static bool has_labels(const json_t *labels, const json_t *wanted) {
        json_t *value;
        size_t i;

        json_array_foreach(wanted, i, value) {
                if (json_is_string(value) && !has_label(labels, str_from(json_string_value(value))))
                        return false;
        }
        return true;
}

static json_t *listed(json_t *container) {
        json_t *config = json_object_get(container, "Config"), *state = json_object_get(container, "State"),
               *image = json_object_get(config, "Image");

        return json_pack("{s:O, s:[O], s:O, s:s, s:s, s:i, s:[], s:o, s:O, s:s, s:O, s:O, s:[]}", "Id",
                         json_object_get(container, "Id"), "Names", json_object_get(container, "Name"), "Image",
                         image ? image : json_object_get(container, "Image"), "ImageID", OBJECT_IMAGE, "Command", "",
                         "Created", 1577836800, "Ports", "Labels", member(config, "Labels"), "State",
                         json_object_get(state, "Status"), "Status", "Up", "HostConfig",
                         json_object_get(container, "HostConfig"), "NetworkSettings",
                         json_object_get(container, "NetworkSettings"), "Mounts");
}

void object_container_list(struct stand_in_answer *out, struct stand_in_state *s, const struct stand_in_question *q) {
        json_t *wanted = filter_values(q, "label"), *list = json_array(), *item;
        size_t i;

        json_array_foreach(s->containers, i, item) {
                if (has_labels(json_object_get(json_object_get(item, "Config"), "Labels"), wanted))
                        (void)json_array_append_new(list, listed(item));
        }
        json_decref(wanted);
        object_add(&out->body, list);
}

/* Secrets and configs: a service names them, and is created only if they are there. */
void object_named_list(struct stand_in_answer *out, struct stand_in_state *s, const struct stand_in_question *q) {
        json_t *names = filter_values(q, "name"), *list = json_array(), *name;
        size_t i;

        json_array_foreach(names, i, name) {
                (void)json_array_append_new(list,
                                            json_pack("{s:o, s:{s:i}, s:s, s:s, s:{s:O, s:{}}}", "ID", object_id_new(s),
                                                      "Version", "Index", 1, "CreatedAt", OBJECT_TIME, "UpdatedAt",
                                                      OBJECT_TIME, "Spec", "Name", name, "Labels"));
        }
        json_decref(names);
        object_add(&out->body, list);
}

/* -- networks and volumes -- */

static json_t *network_new(struct stand_in_state *s, struct str name, const char *scope, json_t *labels) {
        return json_pack("{s:o, s:o, s:s, s:s, s:s, s:b, s:{s:s, s:{}, s:[]}, s:b, s:b, s:b, s:{}, s:{}, s:o}", "Name",
                         object_text(name), "Id", object_id_new(s), "Created", OBJECT_TIME, "Scope", scope, "Driver",
                         "bridge", "EnableIPv6", 0, "IPAM", "Driver", "default", "Options", "Config", "Internal", 0,
                         "Attachable", 1, "Ingress", 0, "Containers", "Options", "Labels", labels);
}

void object_network_create(struct stand_in_answer *out, struct stand_in_state *s, const struct stand_in_question *q) {
        json_t *body = body_of(q), *made;
        const char *driver = json_string_value(json_object_get(body, "Driver"));

        made = network_new(s, str_from(json_string_value(json_object_get(body, "Name"))), "local",
                           member(body, "Labels"));
        if (driver)
                (void)json_object_set_new(made, "Driver", json_string(driver));
        out->status = 201;
        object_add(&out->body, json_pack("{s:O, s:s}", "Id", json_object_get(made, "Id"), "Warning", ""));
        if (json_array_append_new(s->networks, made) < 0)
                out->body.failed = true;
        json_decref(body);
}

static bool is_listed(const json_t *names, struct str name) {
        json_t *item;
        size_t i;

        json_array_foreach(names, i, item) {
                if (str_eqz(name, json_string_value(item)))
                        return true;
        }
        return false;
}

static void look_in_vain(struct stand_in_answer *out, struct stand_in_state *s, const struct stand_in_question *q,
                         const char *what) {
        if (json_array_append_new(s->sought, object_text(object_variable(q))) < 0)
                out->body.failed = true;
        object_not_found(out, what);
}

/* The engine's own are there, and those that a service is to use, which are asked for as the swarm's. */
void object_network_inspect(struct stand_in_answer *out, struct stand_in_state *s, const struct stand_in_question *q) {
        struct str name = object_variable(q);
        bool own = str_eqz(name, "bridge") || str_eqz(name, "host") || str_eqz(name, "none");
        json_t *found = find(s->networks, name);

        if (found)
                object_add(&out->body, json_incref(found));
        else if (own)
                object_add(&out->body, network_new(s, name, "local", json_object()));
        else if (is_listed(s->there, name) || str_eqz(target_parameter(q->target, STR_C("scope")), "swarm"))
                object_add(&out->body, network_new(s, name, "swarm", json_object()));
        else
                look_in_vain(out, s, q, "network");
}

void object_network_list(struct stand_in_answer *out, struct stand_in_state *s,
                         const struct stand_in_question *q unused_) {
        object_add(&out->body, json_incref(s->networks));
}

static json_t *volume_new(json_t *name, json_t *labels, json_t *options) {
        return json_pack("{s:o, s:s, s:s, s:s, s:s, s:o, s:o}", "Name", name, "Driver", "local", "Mountpoint",
                         "/var/lib/docker/volumes/_data", "Scope", "local", "CreatedAt", OBJECT_TIME, "Labels", labels,
                         "Options", options);
}

void object_volume_create(struct stand_in_answer *out, struct stand_in_state *s, const struct stand_in_question *q) {
        json_t *body = body_of(q), *name = json_object_get(body, "Name");
        json_t *made = volume_new(json_string_length(name) ? json_incref(name) : object_id_new(s),
                                  member(body, "Labels"), member(body, "DriverOpts"));

        json_decref(body);
        out->status = 201;
        if (json_array_append(s->volumes, made) < 0)
                out->body.failed = true;
        object_add(&out->body, made);
}

void object_volume_inspect(struct stand_in_answer *out, struct stand_in_state *s, const struct stand_in_question *q) {
        json_t *found = find(s->volumes, object_variable(q));

        if (found)
                object_add(&out->body, json_incref(found));
        else if (is_listed(s->there, object_variable(q)))
                object_add(&out->body, volume_new(object_text(object_variable(q)), json_object(), json_object()));
        else
                look_in_vain(out, s, q, "volume");
}

json_t *stand_in_state_missing(const struct stand_in_state *s) {
        json_t *missing = json_array(), *item;
        size_t i;

        json_array_foreach(s->sought, i, item) {
                struct str name = str_from(json_string_value(item));

                if (!find(s->networks, name) && !find(s->volumes, name))
                        (void)json_array_append(missing, item);
        }
        return missing;
}
