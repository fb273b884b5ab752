#include "plugin.h"
#include "cell.h"
#include "docksill/base/text.h"
#include "docksill/engine/image-ref.h"
#include "fetch.h"
#include "free-text.h"
#include "go-type.h"
#include "host-path.h"
#include "image.h"
#include "mount.h"
#include "variable.h"
#include <errno.h>

/* -- names -- */

/*
 * Is it docksill's name, in any repository and with any tag? dockerd asks managed plugins first: one that is installed
 * under that name would answer in our place. Names are lower case in dockerd; whoever writes another case is not
 * trusted to mean another plugin.
 */
static bool is_own(struct str name) {
        struct str last = str_first(name, str_find(name, '@'));
        size_t slash = str_find_last(last, '/');

        if (slash < last.n)
                last = str_skip(last, slash + 1);
        return str_eq_fold(str_first(last, str_find(last, ':')), STR_C("docksill"));
}

/* dockerd takes a plugin's id, or the beginning of one, for its name. Only a lookup could tell whose it is. */
static bool may_be_id(struct str name) {
        if (str_empty(name) || name.n > 64)
                return false;
        for (size_t i = 0; i < name.n; ++i)
                if (!ascii_digit(name.p[i]) && !(name.p[i] >= 'a' && name.p[i] <= 'f'))
                        return false;
        return true;
}

/* @installed: it is there already, so that it can be named by its id. */
static void read_name(struct facts *f, struct str name, bool installed) {
        f->plugin.name = cell_str(image_ref_shown(name));
        f->plugin.own = (struct fact_bool){ .head.given = true, .value = is_own(name) };
        if (installed && may_be_id(name))
                f->plugin.own.head.state = FACT_UNKNOWN;
}

/* registry/path@digest: dockerd pulls by the digest, whatever tag stands before it (moby plugin_routes.go, parseRemoteRef).
 */
static int read_reference(struct facts *f, struct arena *arena, const char *field, struct go_string remote) {
        struct text t;
        int r = image_read(f, arena, field, remote);

        if (r < 0 || str_empty(f->image.name.value))
                return r;
        f->plugin.digest = f->image.digest;
        text_init_arena(&t, arena);
        text_add(&t, f->image.name.value);
        text_add_char(&t, str_empty(f->image.digest.value) ? ':' : '@');
        if (!str_empty(f->image.digest.value))
                text_add(&t, f->image.digest.value);
        else
                text_add(&t, str_empty(f->image.tag.value) ? STR_C("latest") : f->image.tag.value);
        f->plugin.reference = cell_str(text_str(&t));
        return t.failed ? -ENOMEM : fetch_registry(f, arena, field);
}

static int read_remote(struct request *request, struct arena *arena) {
        struct str remote = target_parameter(&request->target, STR_C("remote"));

        if (!remote.p)
                return 0;
        request->facts.plugin.remote = cell_str(image_ref_shown(remote));
        return read_reference(&request->facts, arena, "?remote=", (struct go_string){ remote, true });
}

/* -- privileges -- */

struct plugin_privilege {
        bool given;
        struct go_string name, description;
        struct go_list value;
};

static const struct gojson_field plugin_privilege_fields[] = {
        GO_FIELD(plugin_privilege, "Name", name, gojson_string),
        GO_FIELD(plugin_privilege, "Description", description, gojson_string),
        GO_FIELD(plugin_privilege, "Value", value, gojson_strings),
};
static const struct gojson_type plugin_privilege_type = GO_STRUCT(plugin_privilege);
static const struct gojson_type plugin_privileges_type = GO_LIST(plugin_privilege_type);

static struct privilege_fact *push_privilege(struct facts *f, struct arena *arena, size_t i, struct str name) {
        struct privilege_fact *p = fact_list_push(arena, &f->plugin.privileges, sizeof(*p));

        if (p)
                *p = (struct privilege_fact){ .origin = { .index = (uint32_t)i, .indexed = true },
                                              .name = cell_str(name) };
        return p;
}

/* A folder or file of the host that the plugin gets; what it may do with it only its own settings say. @shown: what
 * messages may say of it. */
static int push_mount(struct facts *f, struct arena *arena, size_t i, struct str source, struct str shown) {
        struct mount_fact *m = mount_add(f, arena, (struct origin){ .index = (uint32_t)i, .indexed = true });

        if (!m)
                return -ENOMEM;
        m->kind = cell_str(STR_C("host"));
        m->via = cell_str(STR_C("plugin"));
        m->requested = cell_str(shown);
        return host_path_uncleaned(arena, source, &m->source);
}

static int read_privilege(struct facts *f, struct arena *arena, size_t i, const struct plugin_privilege *asked) {
        struct privilege_fact *p = push_privilege(f, arena, i, asked->name.value);
        bool mounts = str_eqz(asked->name.value, "mount");
        int r = p ? 0 : -ENOMEM;

        for (size_t j = 0; r == 0 && j < asked->value.n; ++j) {
                struct str value = string_item(&asked->value, j);

                r = fact_set_add(arena, &p->values, value);
                if (r == 0 && mounts)
                        r = push_mount(f, arena, i, value, value);
        }
        return r;
}

static int read_privileges(struct request *request, struct arena *arena, const struct go_list *privileges) {
        request->facts.plugin.privileges.head.given = privileges->given;
        for (size_t i = 0; i < privileges->n; ++i) {
                int r = read_privilege(&request->facts, arena, i,
                                       gojson_item(privileges, i, sizeof(struct plugin_privilege)));

                if (r < 0)
                        return r;
        }
        return 0;
}

/* -- a service's -- */

static const struct gojson_field plugin_spec_fields[] = {
        GO_FIELD(plugin_spec, "name", name, gojson_string),
        GO_FIELD(plugin_spec, "remote", remote, gojson_string),
        GO_FIELD(plugin_spec, "privileges", privileges, plugin_privileges_type),
        GO_FIELD(plugin_spec, "disabled", disabled, gojson_bool),
        GO_FIELD(plugin_spec, "env", env, gojson_strings),
};
const struct gojson_type plugin_spec_type = GO_STRUCT(plugin_spec);

int plugin_spec_read(struct request *request, struct arena *arena, const struct plugin_spec *spec) {
        struct facts *f = &request->facts;
        int r;

        f->plugin.service = (struct fact_bool){ .head.given = true, .value = true };
        read_name(f, str_empty(spec->name.value) ? spec->remote.value : spec->name.value, false);
        f->plugin.remote =
                (struct fact_str){ .head.given = spec->remote.given, .value = image_ref_shown(spec->remote.value) };
        r = read_reference(f, arena, "TaskTemplate.PluginSpec.remote", spec->remote);
        if (r == 0)
                r = read_privileges(request, arena, &spec->privileges);
        if (r == 0)
                r = variables_read(f, arena, &spec->env);
        if (r == 0)
                r = texts_read(f, arena, "TaskTemplate.PluginSpec.Env", &spec->env);
        return r;
}

/* -- POST /plugins/pull, POST /plugins/{name}/upgrade -- */

/* POST /plugins/pull names the plugin in the query, or not at all; POST /plugins/{name}/upgrade in the path. */
int plugin_install_decode(struct request *request, struct arena *arena) {
        struct str name = target_parameter(&request->target, STR_C("name"));
        bool installed = request->variables.n > 0;
        struct go_list privileges = { 0 };
        int r;

        r = gojson_decode(&privileges, &plugin_privileges_type, arena, &request->report, request->body, STR_C(""));
        if (r < 0 || flaws_any(&request->flaws))
                return r;
        if (installed)
                name = request->variables.items[0];
        else if (str_empty(name))
                name = target_parameter(&request->target, STR_C("remote"));
        read_name(&request->facts, name, installed);
        r = read_remote(request, arena);
        return r < 0 ? r : read_privileges(request, arena, &privileges);
}

/* -- POST /plugins/{name}/set -- */

/*
 * "NAME.FIELD=VALUE", or "NAME=VALUE" where one field alone can be set (moby plugin/v2/settable.go). Which kind a name
 * is of, only the plugin's own settings say; so a path that may become a mount is one, and every value may be a
 * variable's.
 */
static int read_setting(struct facts *f, struct arena *arena, size_t i, struct str text) {
        struct str value = text, name = str_cut(&value, '='), field = { 0 };
        size_t dot = str_find_last(name, '.');
        struct variable_fact *v;
        int r;

        if (dot > 0 && dot < name.n)
                field = str_skip(name, dot + 1);
        r = fact_set_add(arena, &f->plugin.settings, name);
        if (r < 0)
                return r;

        if (str_eqz(field, "source") || str_eqz(field, "path")) {
                bool source = str_eqz(field, "source");
                struct privilege_fact *p = push_privilege(f, arena, i, source ? STR_C("mount") : STR_C("device"));

                if (!p)
                        return -ENOMEM;
                r = fact_set_add(arena, &p->values, value);
                return r == 0 && source ? push_mount(f, arena, i, value, value) : r;
        }

        v = fact_list_push(arena, &f->variables, sizeof(*v));
        if (!v)
                return -ENOMEM;
        *v = (struct variable_fact){ .origin = { .index = (uint32_t)i, .indexed = true },
                                     .name = cell_str(field.p ? str_first(name, dot) : name),
                                     .value = cell_str(value),
                                     .from = cell_str(STR_C("env")) };
        /* A name alone may stand for a mount's source as well as for a variable, whose value is nobody else's business. */
        return value.n > 0 && value.p[0] == '/' ? push_mount(f, arena, i, value, name) : 0;
}

int plugin_set_decode(struct request *request, struct arena *arena) {
        struct facts *f = &request->facts;
        struct go_list settings = { 0 };
        int r;

        r = gojson_decode(&settings, &gojson_strings, arena, &request->report, request->body, STR_C(""));
        if (r < 0 || flaws_any(&request->flaws))
                return r;
        read_name(f, request->variables.items[0], true);
        for (size_t i = 0; r == 0 && i < settings.n; ++i)
                r = read_setting(f, arena, i, string_item(&settings, i));
        return r < 0 ? r : texts_read(f, arena, "settings", &settings);
}

/* -- those without a body that can be seen -- */

int plugin_privileges_decode(struct request *request, struct arena *arena) {
        read_name(&request->facts, target_parameter(&request->target, STR_C("remote")), false);
        return read_remote(request, arena);
}

int plugin_push_decode(struct request *request, struct arena *arena) {
        int r;

        read_name(&request->facts, request->variables.items[0], true);
        r = image_read(&request->facts, arena, "RequestUri", (struct go_string){ request->variables.items[0], true });

        return r < 0 ? r : fetch_registry(&request->facts, arena, "RequestUri");
}

int plugin_create_decode(struct request *request, struct arena *arena) {
        (void)arena;
        read_name(&request->facts, target_parameter(&request->target, STR_C("name")), false);
        return 0;
}

int plugin_change_decode(struct request *request, struct arena *arena) {
        (void)arena;
        read_name(&request->facts, request->variables.items[0], true);
        return 0;
}
