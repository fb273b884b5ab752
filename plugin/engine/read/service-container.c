#include "service-container.h"
#include "capability.h"
#include "docksill/base/text.h"
#include "facts/cell.h"
#include "fetch.h"
#include "free-text.h"
#include "gather.h"
#include "go-bytes.h"
#include "go-upper.h"
#include "host-path.h"
#include "image.h"
#include "program.h"
#include "security-opt.h"
#include "unknown.h"
#include "variable.h"

#define SPEC "TaskTemplate.ContainerSpec."

/* -- what it may do -- */

static void read_selinux(struct reading *in, const struct selinux_context *context) {
        struct facts *f = in->facts;
        const struct {
                const char *name;
                struct go_string value;
        } parts[] = {
                { "user", context->user },
                { "role", context->role },
                { "type", context->type },
                { "level", context->level },
        };

        f->container.selinux_disabled = cell_bool(context->disable);
        for (size_t i = 0; i < ARRAY_SIZE(parts); ++i)
                if (!str_empty(parts[i].value.value))
                        FACT_ADD(in->arena, &f->container.selinux,
                                 (struct pair_fact){ .origin = { .field = SPEC "Privileges.SELinuxContext" },
                                                     .name = cell_str(str_from(parts[i].name)),
                                                     .value = cell_string(parts[i].value) });
}

static void read_seccomp(struct reading *in, const struct seccomp_opts *seccomp) {
        struct facts *f = in->facts;
        struct str mode = seccomp->mode.value, profile;

        if (str_empty(mode) || str_eqz(mode, "default"))
                return;
        f->container.seccomp_mode = cell_word(WORD_UNCONFINED);
        if (str_eqz(mode, "unconfined"))
                return;
        if (!str_eqz(mode, "custom")) {
                unknown_value(in, (struct origin){ .field = SPEC "Privileges.Seccomp.Mode" }, mode);
                return;
        }

        f->container.seccomp_mode = cell_word(WORD_CUSTOM);
        if (!go_bytes_decode(in->arena, seccomp->profile.value, &profile) || str_empty(profile))
                return; /* and so it is not readable */
        /* swarmkit puts it behind "seccomp=", so that it may be a word as well. */
        seccomp_option_read(in, profile);
}

static void read_apparmor(struct reading *in, const struct apparmor_opts *apparmor) {
        struct str mode = apparmor->mode.value;

        if (str_empty(mode) || str_eqz(mode, "default"))
                return;
        in->facts->container.apparmor = cell_str(STR_C("unconfined"));
        if (str_eqz(mode, "disabled"))
                return;
        unknown_value(in, (struct origin){ .field = SPEC "Privileges.AppArmor.Mode" }, mode);
}

/*
 * Engine 25 brought the field, with API 1.44. Below that version nobody can set it, so that asking for it would be in
 * vain; without a version the engine may be an older one, which passes over it.
 */
static void read_no_new_privileges(struct reading *in, struct go_bool asked) {
        struct fact_word *fact = &in->facts->container.no_new_privileges;

        if (reading_api_below(in, 44))
                fact->head.state = FACT_OFF;
        else if (asked.value && in->target->version != 0)
                *fact = cell_word(WORD_ON);
}

/* Windows alone has such; dockerd elsewhere refuses it. */
static void read_credentials(struct reading *in, const struct credential_spec *spec) {
        const struct go_string *parts[] = { &spec->config, &spec->file, &spec->registry };

        for (size_t i = 0; i < ARRAY_SIZE(parts); ++i)
                if (!str_empty(parts[i]->value))
                        unknown_value(in, (struct origin){ .field = SPEC "Privileges.CredentialSpec" },
                                      parts[i]->value);
}

/* After the capabilities, which a seccomp profile depends on. */
static void read_privileges(struct reading *in, const struct privileges *privileges) {
        read_no_new_privileges(in, privileges->no_new_privileges);
        read_credentials(in, &privileges->credential_spec);
        read_selinux(in, &privileges->selinux_context);
        read_seccomp(in, &privileges->seccomp);
        read_apparmor(in, &privileges->apparmor);
}

/* -- what comes in -- */

/*
 * In a service a mount's type and propagation are compared in upper case, and no type at all is a bind (moby
 * daemon/cluster/convert/container.go): to a container's create both would be wrong.
 */
static void spell_mounts(struct go_list *mounts) {
        static const char *const types[] = { "bind", "volume", "tmpfs", "cluster", "image", NULL };
        static const char *const propagations[] = {
                "private", "rprivate", "shared", "rshared", "slave", "rslave", NULL
        };
        struct mount *m = mounts->items;

        for (size_t i = 0; i < mounts->n; ++i) {
                struct str *type = &m[i].type.value, *propagation = &m[i].bind_options.propagation.value;

                *type = str_empty(*type) ? STR_C("bind") : go_upper_word(*type, types);
                *propagation = go_upper_word(*propagation, propagations);
        }
}

static bool is_template(struct str text) {
        return str_search(text, STR_C("{{")) < text.n;
}

static bool any_template(const struct go_list *map) {
        for (size_t i = 0; i < map->n; ++i)
                if (is_template(pair_item(map, i)->value.value))
                        return true;
        return false;
}

/*
 * What a node of the swarm expands as Go templates of its own, once the specification has been judged (swarmkit
 * template/expand.go): "/{{print \"etc\"}}" is /etc by then. In a mount that can be anything at all.
 */
static void check_mount_templates(struct reading *in, const struct go_list *mounts) {
        for (size_t i = 0; i < mounts->n; ++i) {
                const struct mount *m = gojson_item(mounts, i, sizeof(*m));

                if (is_template(m->source.value) || is_template(m->target.value) ||
                    any_template(&m->volume_options.labels) || any_template(&m->volume_options.driver_config.options))
                        flaws_add(in->flaws, FLAW_TEMPLATE, STR_C(SPEC "Mounts"));
        }
}

/* Nor can anybody tell what a variable will hold; its name stays as it is. */
static void read_templates(struct reading *in, const struct container_spec *spec) {
        struct facts *f = in->facts;

        for (size_t i = 0; i < f->variables.n; ++i) {
                struct variable_fact *v = (struct variable_fact *)f->variables.items + i;

                if (!is_template(v->value.value))
                        continue;
                v->value.head.state = FACT_UNKNOWN;
                fact_set_add(in->arena, &f->service.templates, v->name.value);
        }
        for (size_t i = 0; i < f->texts.n; ++i) {
                struct text_fact *t = (struct text_fact *)f->texts.items + i;

                if (str_starts(t->where.value, STR_C(SPEC "Env")) && is_template(t->text.value))
                        t->text.head.state = FACT_UNKNOWN;
        }
        if (is_template(spec->hostname.value))
                fact_set_add(in->arena, &f->service.templates, STR_C("Hostname"));
        f->service.templates.head.given = f->service.templates.n > 0;
}

/* Go's strings.Fields: the word at the head of @rest. */
static struct str cut_field(struct str *rest) {
        static const char blanks[] = "\t\n\v\f\r ";
        struct str word = *rest;

        while (word.n > 0 && memchr(blanks, word.p[0], sizeof(blanks) - 1))
                word = str_skip(word, 1);
        *rest = word;
        while (rest->n > 0 && !memchr(blanks, rest->p[0], sizeof(blanks) - 1))
                *rest = str_skip(*rest, 1);
        return str_first(word, word.n - rest->n);
}

/* "ADDRESS NAME …" becomes NAME:ADDRESS, as a container has it; further names are not taken over. */
static void read_hosts(struct reading *in, const struct go_list *hosts) {
        for (size_t i = 0; i < hosts->n && !arena_full(in->arena); ++i) {
                struct str rest = string_item(hosts, i), address = cut_field(&rest), name = cut_field(&rest);
                struct text t;

                if (str_empty(name))
                        continue;
                text_init_arena(&t, in->arena);
                text_add(&t, name);
                text_add_char(&t, ':');
                text_add(&t, address);
                fact_set_add(in->arena, &in->facts->container.extra_hosts, text_str(&t));
        }
}

/* As Go's os.FileMode has them, and as chmod(2) has them. */
#define SET_ID_BITS (1u << 23 | 1u << 22 | 06000u)

static void read_file(struct reading *in, struct origin origin, enum word kind,
                      const struct data_reference *reference) {
        FACT_ADD(in->arena, &in->facts->service.files,
                 (struct service_file_fact){
                         .origin = origin,
                         .kind = cell_word(kind),
                         .name = cell_string(reference->name),
                         .target = cell_string(reference->file.name),
                         .set_id = { .head.given = true, .value = reference->file.mode.value & SET_ID_BITS },
                 });
}

static void read_references(struct reading *in, struct fact_set *out, enum word kind,
                            const struct go_list *references) {
        const char *field = kind == WORD_SECRET ? SPEC "Secrets" : SPEC "Configs";

        out->head.given = references->given;
        for (size_t i = 0; i < references->n; ++i) {
                const struct data_reference *reference = gojson_item(references, i, sizeof(*reference));

                fact_set_add(in->arena, out, reference->name.value);
                read_file(in, (struct origin){ .field = field, .index = (uint32_t)i, .indexed = true }, kind,
                          reference);
        }
}

/* -- the container -- */

/*
 * A config is a file of the requester's at any place, and so is a secret whose name leads out of /run/secrets: laid
 * over the image's program it is the program (moby container/container.go, getSecretTargetPath).
 */
static bool lays_files(const struct container_spec *spec) {
        for (size_t i = 0; i < spec->secrets.n; ++i) {
                const struct data_reference *secret = gojson_item(&spec->secrets, i, sizeof(*secret));

                if (str_find(secret->file.name.value, '/') < secret->file.name.value.n)
                        return true;
        }
        return spec->configs.n > 0;
}

/* Of nanoseconds; below 0 the less stays below. */
static struct fact_int seconds(int64_t nanoseconds) {
        return (struct fact_int){ .head.given = true,
                                  .value = nanoseconds < 0 ? -1 : nanoseconds / (1000 * 1000 * 1000) };
}

static void read_plain(struct reading *in, const struct container_spec *spec) {
        struct facts *f = in->facts;

        container_user_read(f, spec->user);
        healthcheck_read(f, &spec->healthcheck);
        f->container.read_only = cell_bool(spec->read_only);
        f->container.init = cell_bool(spec->init);
        f->container.oom_score = cell_int(spec->oom_score_adj);
        if (spec->stop_grace_period.given)
                f->container.stop_timeout = seconds(spec->stop_grace_period.value);
        /* Swarm's own form knows no empty list that takes something away. */
        in->inherits_entrypoint = spec->command.n == 0;
        in->inherits_command = spec->command.n == 0 && spec->args.n == 0;
        f->container.entrypoint_given = (struct fact_bool){ { .given = spec->command.n > 0 }, spec->command.n > 0 };
        f->container.command_given = (struct fact_bool){ { .given = spec->args.n > 0 }, spec->args.n > 0 };
        f->container.user_given =
                (struct fact_bool){ { .given = spec->user.value.n > 0 }, !str_empty(spec->user.value) };
        f->image.as_built.value = spec->command.n == 0 && spec->args.n == 0 && str_empty(spec->user.value) &&
                                  spec->env.n == 0 && spec->healthcheck.test.n == 0 && str_empty(spec->dir.value) &&
                                  !spec->open_stdin.value && !lays_files(spec);
}

/* Below API 1.41 dockerd throws these away (api/server/router/swarm/helpers.go): what protects must not be believed. */
static void read_limits_of_41(struct reading *in, const struct container_spec *spec) {
        struct facts *f = in->facts;

        if (reading_api_below(in, 41))
                return;
        capabilities_read(in->arena, &spec->capability_drop, &f->container.capabilities_dropped);
        ulimits_read(in->arena, &f->container.ulimits, SPEC "Ulimits", &spec->ulimits);
}

static void read_lists(struct reading *in, const struct container_spec *spec) {
        struct facts *f = in->facts;

        capabilities_read(in->arena, &spec->capability_add, &f->container.capabilities_added);
        read_limits_of_41(in, spec);
        gather_strings(in->arena, &f->container.groups, &spec->groups);
        gather_pairs(in->arena, &f->sysctls, SPEC "Sysctls", &spec->sysctls);
        host_path(in->arena, spec->dir.value, &f->container.working_dir);
        program_add(in->arena, &f->container.programs, &spec->command);
        program_add(in->arena, &f->container.programs, &spec->args);
        read_hosts(in, &spec->hosts);
        read_references(in, &f->service.secrets, WORD_SECRET, &spec->secrets);
        read_references(in, &f->service.configs, WORD_CONFIG, &spec->configs);
}

static void read_texts(struct reading *in, const struct container_spec *spec) {
        variables_read(in, &spec->env);
        texts_read(in, SPEC "Env", &spec->env);
        texts_read(in, SPEC "Command", &spec->command);
        texts_read(in, SPEC "Args", &spec->args);
        texts_read(in, SPEC "Healthcheck.Test", &spec->healthcheck.test);
        texts_read_map(in, SPEC "Labels", &spec->labels);
        gather_labels(in->arena, &in->facts->container.labels, &spec->labels);
}

void container_spec_read(struct reading *in, struct container_spec *spec) {
        struct facts *f = in->facts;

        read_plain(in, spec);
        image_read(in, SPEC "Image", spec->image);
        fetch_registry(in, SPEC "Image");
        read_lists(in, spec);
        read_privileges(in, &spec->privileges);
        isolation_read(in, SPEC "Isolation", spec->isolation.value);
        spell_mounts(&spec->mounts);
        check_mount_templates(in, &spec->mounts);
        f->mounts.head.given = spec->mounts.given;
        mounts_read(in, SPEC "Mounts", &spec->mounts);
        read_texts(in, spec);
        read_templates(in, spec);
}
