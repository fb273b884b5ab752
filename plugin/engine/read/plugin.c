#include "plugin.h"
#include "body.h"
#include "docksill/base/text.h"
#include "docksill/engine/image-ref.h"
#include "facts/cell.h"
#include "fetch.h"
#include "free-text.h"
#include "go-type.h"
#include "host-path.h"
#include "image.h"
#include "mount.h"
#include "variable.h"

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

/* registry/path@digest: dockerd pulls by the digest, whatever tag stands before it (moby plugin_routes.go,
 * parseRemoteRef).
 */
static void read_reference(struct reading *in, const char *field, struct go_string remote) {
        struct facts *f = in->facts;
        struct text t;

        image_read(in, field, remote);
        if (str_empty(f->image.name.value))
                return;
        f->plugin.digest = f->image.digest;
        text_init_arena(&t, in->arena);
        text_add(&t, f->image.name.value);
        text_add_char(&t, str_empty(f->image.digest.value) ? ':' : '@');
        if (!str_empty(f->image.digest.value))
                text_add(&t, f->image.digest.value);
        else
                text_add(&t, str_empty(f->image.tag.value) ? STR_C("latest") : f->image.tag.value);
        f->plugin.reference = cell_str(text_str(&t));
        fetch_registry(in, field);
}

static void read_remote(struct reading *in) {
        struct str remote = reading_parameter(in, "remote");

        if (!remote.p)
                return;
        in->facts->plugin.remote = cell_str(image_ref_shown(remote));
        read_reference(in, "?remote=", (struct go_string){ remote, true });
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

static struct privilege_fact privilege_of(size_t i, struct str name) {
        return (struct privilege_fact){ .origin = { .index = (uint32_t)i, .indexed = true }, .name = cell_str(name) };
}

/* A folder or file of the host that the plugin gets; what it may do with it only its own settings say. @shown: what
 * messages may say of it. */
static void push_mount(struct reading *in, size_t i, struct str source, struct str shown) {
        struct mount_fact m = mount_of((struct origin){ .index = (uint32_t)i, .indexed = true });

        m.kind = cell_word(WORD_HOST);
        m.via = cell_word(WORD_PLUGIN);
        m.requested = cell_str(shown);
        host_path_uncleaned(in->arena, source, &m.source);
        mount_add(in, &m);
}

static void read_privilege(struct reading *in, size_t i, const struct plugin_privilege *asked) {
        struct privilege_fact p = privilege_of(i, asked->name.value);
        bool mounts = str_eqz(asked->name.value, "mount");

        for (size_t j = 0; j < asked->value.n && !arena_full(in->arena); ++j) {
                struct str value = string_item(&asked->value, j);

                fact_set_add(in->arena, &p.values, value);
                if (mounts)
                        push_mount(in, i, value, value);
        }
        FACT_ADD(in->arena, &in->facts->plugin.privileges, p);
}

static void read_privileges(struct reading *in, const struct go_list *privileges) {
        in->facts->plugin.privileges.head.given = privileges->given;
        for (size_t i = 0; i < privileges->n && !arena_full(in->arena); ++i)
                read_privilege(in, i, gojson_item(privileges, i, sizeof(struct plugin_privilege)));
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

void plugin_spec_read(struct reading *in, const struct plugin_spec *spec) {
        struct facts *f = in->facts;

        f->plugin.service = (struct fact_bool){ .head.given = true, .value = true };
        read_name(f, str_empty(spec->name.value) ? spec->remote.value : spec->name.value, false);
        f->plugin.remote =
                (struct fact_str){ .head.given = spec->remote.given, .value = image_ref_shown(spec->remote.value) };
        read_reference(in, "TaskTemplate.PluginSpec.remote", spec->remote);
        read_privileges(in, &spec->privileges);
        variables_read(in, &spec->env);
        texts_read(in, "TaskTemplate.PluginSpec.Env", &spec->env);
}

/* -- POST /plugins/pull, POST /plugins/{name}/upgrade -- */

/* POST /plugins/pull names the plugin in the query, or not at all; POST /plugins/{name}/upgrade in the path. */
void plugin_install_decode(struct reading *in) {
        struct str name = reading_parameter(in, "name");
        bool installed = in->n_variables > 0;
        struct go_list privileges = { 0 };

        if (!body_read(in, &privileges, &plugin_privileges_type))
                return;
        if (installed)
                name = in->variables[0];
        else if (str_empty(name))
                name = reading_parameter(in, "remote");
        read_name(in->facts, name, installed);
        read_remote(in);
        read_privileges(in, &privileges);
}

/* -- POST /plugins/{name}/set -- */

/*
 * "NAME.FIELD=VALUE", or "NAME=VALUE" where one field alone can be set (moby plugin/v2/settable.go). Which kind a name
 * is of, only the plugin's own settings say; so a path that may become a mount is one, and every value may be a
 * variable's.
 */
static void read_setting(struct reading *in, size_t i, struct str text) {
        struct facts *f = in->facts;
        struct str value = text, name = str_cut(&value, '='), field = { 0 };
        size_t dot = str_find_last(name, '.');

        if (dot > 0 && dot < name.n)
                field = str_skip(name, dot + 1);
        fact_set_add(in->arena, &f->plugin.settings, name);

        if (str_eqz(field, "source") || str_eqz(field, "path")) {
                bool source = str_eqz(field, "source");
                struct privilege_fact p = privilege_of(i, source ? STR_C("mount") : STR_C("device"));

                fact_set_add(in->arena, &p.values, value);
                FACT_ADD(in->arena, &f->plugin.privileges, p);
                if (source)
                        push_mount(in, i, value, value);
                return;
        }

        FACT_ADD(in->arena, &f->variables,
                 (struct variable_fact){ .origin = { .index = (uint32_t)i, .indexed = true },
                                         .name = cell_str(field.p ? str_first(name, dot) : name),
                                         .value = cell_str(value),
                                         .from = cell_word(WORD_ENV) });
        /* A name alone may stand for a mount's source as well as for a variable, whose value is nobody else's business.
         */
        if (value.n > 0 && value.p[0] == '/')
                push_mount(in, i, value, name);
}

void plugin_set_decode(struct reading *in) {
        struct facts *f = in->facts;
        struct go_list settings = { 0 };

        if (!body_read(in, &settings, &gojson_strings))
                return;
        read_name(f, in->variables[0], true);
        for (size_t i = 0; i < settings.n && !arena_full(in->arena); ++i)
                read_setting(in, i, string_item(&settings, i));
        texts_read(in, "settings", &settings);
}

/* -- those without a body that can be seen -- */

void plugin_privileges_decode(struct reading *in) {
        read_name(in->facts, reading_parameter(in, "remote"), false);
        read_remote(in);
}

void plugin_push_decode(struct reading *in) {
        read_name(in->facts, in->variables[0], true);
        image_read(in, "RequestUri", (struct go_string){ in->variables[0], true });
        fetch_registry(in, "RequestUri");
}

void plugin_create_decode(struct reading *in) {
        read_name(in->facts, reading_parameter(in, "name"), false);
}

void plugin_change_decode(struct reading *in) {
        read_name(in->facts, in->variables[0], true);
}
