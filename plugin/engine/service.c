#include "service.h"
#include "body.h"
#include "capability.h"
#include "cell.h"
#include "device.h"
#include "docksill/base/text.h"
#include "endpoint.h"
#include "fetch.h"
#include "free-text.h"
#include "gather.h"
#include "go-bytes.h"
#include "go-upper.h"
#include "host-path.h"
#include "image.h"
#include "log.h"
#include "port.h"
#include "program.h"
#include "security-opt.h"
#include "service-spec.h"
#include "unknown.h"
#include "variable.h"

#define SPEC "TaskTemplate.ContainerSpec."

/* -- what it may do -- */

static void read_selinux(struct facts *f, struct arena *arena, const struct selinux_context *context) {
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
                        FACT_ADD(arena, &f->container.selinux,
                                 (struct pair_fact){ .origin = { .field = SPEC "Privileges.SELinuxContext" },
                                                     .name = cell_str(str_from(parts[i].name)),
                                                     .value = cell_string(parts[i].value) });
}

static void read_seccomp(struct request *request, struct arena *arena, const struct seccomp_opts *seccomp) {
        struct facts *f = &request->facts;
        struct str mode = seccomp->mode.value, profile;

        if (str_empty(mode) || str_eqz(mode, "default"))
                return;
        f->container.seccomp_mode = cell_str(STR_C("unconfined"));
        if (str_eqz(mode, "unconfined"))
                return;
        if (!str_eqz(mode, "custom")) {
                unknown_value(request, arena, (struct origin){ .field = SPEC "Privileges.Seccomp.Mode" }, mode);
                return;
        }

        f->container.seccomp_mode = cell_str(STR_C("custom"));
        if (!go_bytes_decode(arena, seccomp->profile.value, &profile) || str_empty(profile))
                return; /* and so it is not readable */
        /* swarmkit puts it behind "seccomp=", so that it may be a word as well. */
        seccomp_option_read(f, arena, profile);
}

static void read_apparmor(struct request *request, struct arena *arena, const struct apparmor_opts *apparmor) {
        struct str mode = apparmor->mode.value;

        if (str_empty(mode) || str_eqz(mode, "default"))
                return;
        request->facts.container.apparmor = cell_str(STR_C("unconfined"));
        if (str_eqz(mode, "disabled"))
                return;
        unknown_value(request, arena, (struct origin){ .field = SPEC "Privileges.AppArmor.Mode" }, mode);
}

/*
 * Engine 25 brought the field, with API 1.44. Below that version nobody can set it, so that asking for it would be in
 * vain; without a version the engine may be an older one, which passes over it.
 */
static void read_no_new_privileges(struct request *request, struct go_bool asked) {
        struct fact_str *fact = &request->facts.container.no_new_privileges;

        if (request_api_below(request, 44))
                fact->head.state = FACT_OFF;
        else if (asked.value && request->target.version != 0)
                *fact = cell_str(STR_C("on"));
}

/* Windows alone has such; dockerd elsewhere refuses it. */
static void read_credentials(struct request *request, struct arena *arena, const struct credential_spec *spec) {
        const struct go_string *parts[] = { &spec->config, &spec->file, &spec->registry };

        for (size_t i = 0; i < ARRAY_SIZE(parts); ++i)
                if (!str_empty(parts[i]->value))
                        unknown_value(request, arena, (struct origin){ .field = SPEC "Privileges.CredentialSpec" },
                                      parts[i]->value);
}

/* After the capabilities, which a seccomp profile depends on. */
static void read_privileges(struct request *request, struct arena *arena, const struct privileges *privileges) {
        read_no_new_privileges(request, privileges->no_new_privileges);
        read_credentials(request, arena, &privileges->credential_spec);
        read_selinux(&request->facts, arena, &privileges->selinux_context);
        read_seccomp(request, arena, &privileges->seccomp);
        read_apparmor(request, arena, &privileges->apparmor);
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
static void check_mount_templates(struct request *request, const struct go_list *mounts) {
        for (size_t i = 0; i < mounts->n; ++i) {
                const struct mount *m = gojson_item(mounts, i, sizeof(*m));

                if (is_template(m->source.value) || is_template(m->target.value) ||
                    any_template(&m->volume_options.labels) || any_template(&m->volume_options.driver_config.options))
                        flaws_add(&request->flaws, FLAW_TEMPLATE, STR_C(SPEC "Mounts"));
        }
}

/* Nor can anybody tell what a variable will hold; its name stays as it is. */
static void read_templates(struct facts *f, struct arena *arena, const struct container_spec *spec) {
        for (size_t i = 0; i < f->variables.n; ++i) {
                struct variable_fact *v = (struct variable_fact *)f->variables.items + i;

                if (!is_template(v->value.value))
                        continue;
                v->value.head.state = FACT_UNKNOWN;
                fact_set_add(arena, &f->service.templates, v->name.value);
        }
        for (size_t i = 0; i < f->texts.n; ++i) {
                struct text_fact *t = (struct text_fact *)f->texts.items + i;

                if (str_starts(t->where.value, STR_C(SPEC "Env")) && is_template(t->text.value))
                        t->text.head.state = FACT_UNKNOWN;
        }
        if (is_template(spec->hostname.value))
                fact_set_add(arena, &f->service.templates, STR_C("Hostname"));
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
static void read_hosts(struct facts *f, struct arena *arena, const struct go_list *hosts) {
        for (size_t i = 0; i < hosts->n && !arena_full(arena); ++i) {
                struct str rest = string_item(hosts, i), address = cut_field(&rest), name = cut_field(&rest);
                struct text t;

                if (str_empty(name))
                        continue;
                text_init_arena(&t, arena);
                text_add(&t, name);
                text_add_char(&t, ':');
                text_add(&t, address);
                fact_set_add(arena, &f->container.extra_hosts, text_str(&t));
        }
}

/* As Go's os.FileMode has them, and as chmod(2) has them. */
#define SET_ID_BITS (1u << 23 | 1u << 22 | 06000u)

static void read_file(struct facts *f, struct arena *arena, struct origin origin, const char *kind,
                      const struct data_reference *reference) {
        FACT_ADD(arena, &f->service.files,
                 (struct service_file_fact){
                         .origin = origin,
                         .kind = cell_str(str_from(kind)),
                         .name = cell_string(reference->name),
                         .target = cell_string(reference->file.name),
                         .set_id = { .head.given = true, .value = reference->file.mode.value & SET_ID_BITS },
                 });
}

static void read_references(struct facts *f, struct arena *arena, struct fact_set *out, const char *kind,
                            const struct go_list *references) {
        const char *field = kind[0] == 's' ? SPEC "Secrets" : SPEC "Configs";

        out->head.given = references->given;
        for (size_t i = 0; i < references->n; ++i) {
                const struct data_reference *reference = gojson_item(references, i, sizeof(*reference));

                fact_set_add(arena, out, reference->name.value);
                read_file(f, arena, (struct origin){ .field = field, .index = (uint32_t)i, .indexed = true }, kind,
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

static void read_plain(struct request *request, const struct container_spec *spec) {
        struct facts *f = &request->facts;

        container_user_read(f, spec->user);
        healthcheck_read(f, &spec->healthcheck);
        f->container.read_only = cell_bool(spec->read_only);
        f->container.init = cell_bool(spec->init);
        f->container.oom_score = cell_int(spec->oom_score_adj);
        if (spec->stop_grace_period.given)
                f->container.stop_timeout = seconds(spec->stop_grace_period.value);
        /* Swarm's own form knows no empty list that takes something away. */
        request->inherits_entrypoint = spec->command.n == 0;
        request->inherits_command = spec->command.n == 0 && spec->args.n == 0;
        f->container.entrypoint_given = (struct fact_bool){ { .given = spec->command.n > 0 }, spec->command.n > 0 };
        f->container.command_given = (struct fact_bool){ { .given = spec->args.n > 0 }, spec->args.n > 0 };
        f->container.user_given =
                (struct fact_bool){ { .given = spec->user.value.n > 0 }, !str_empty(spec->user.value) };
        f->image.as_built.value = spec->command.n == 0 && spec->args.n == 0 && str_empty(spec->user.value) &&
                                  spec->env.n == 0 && spec->healthcheck.test.n == 0 && str_empty(spec->dir.value) &&
                                  !spec->open_stdin.value && !lays_files(spec);
}

/* Below API 1.41 dockerd throws these away (api/server/router/swarm/helpers.go): what protects must not be believed. */
static void read_limits_of_41(struct request *request, struct arena *arena, const struct container_spec *spec) {
        struct facts *f = &request->facts;

        if (request_api_below(request, 41))
                return;
        capabilities_read(arena, &spec->capability_drop, &f->container.capabilities_dropped);
        ulimits_read(arena, &f->container.ulimits, SPEC "Ulimits", &spec->ulimits);
}

static void read_lists(struct request *request, struct arena *arena, const struct container_spec *spec) {
        struct facts *f = &request->facts;

        capabilities_read(arena, &spec->capability_add, &f->container.capabilities_added);
        read_limits_of_41(request, arena, spec);
        gather_strings(arena, &f->container.groups, &spec->groups);
        gather_pairs(arena, &f->sysctls, SPEC "Sysctls", &spec->sysctls);
        host_path(arena, spec->dir.value, &f->container.working_dir);
        program_add(arena, &f->container.programs, &spec->command);
        program_add(arena, &f->container.programs, &spec->args);
        read_hosts(f, arena, &spec->hosts);
        read_references(f, arena, &f->service.secrets, "secret", &spec->secrets);
        read_references(f, arena, &f->service.configs, "config", &spec->configs);
}

static void read_texts(struct facts *f, struct arena *arena, const struct container_spec *spec) {
        variables_read(f, arena, &spec->env);
        texts_read(f, arena, SPEC "Env", &spec->env);
        texts_read(f, arena, SPEC "Command", &spec->command);
        texts_read(f, arena, SPEC "Args", &spec->args);
        texts_read(f, arena, SPEC "Healthcheck.Test", &spec->healthcheck.test);
        texts_read_map(f, arena, SPEC "Labels", &spec->labels);
        gather_labels(arena, &f->container.labels, &spec->labels);
}

static void read_container(struct request *request, struct arena *arena, struct container_spec *spec) {
        struct facts *f = &request->facts;

        read_plain(request, spec);
        image_read(f, arena, SPEC "Image", spec->image);
        fetch_registry(f, arena, SPEC "Image");
        read_lists(request, arena, spec);
        read_privileges(request, arena, &spec->privileges);
        isolation_read(request, arena, SPEC "Isolation", spec->isolation.value);
        spell_mounts(&spec->mounts);
        check_mount_templates(request, &spec->mounts);
        f->mounts.head.given = spec->mounts.given;
        mounts_read(request, arena, SPEC "Mounts", &spec->mounts);
        read_texts(f, arena, spec);
        read_templates(f, arena, spec);
}

/* -- the task -- */

/*
 * Here swap is what comes on top of the memory; a container's limit is both together. Engine 29 brought it, with
 * API 1.52: unless that version is asked for it may be passed over, which leaves twice the memory.
 */
static struct fact_int read_swap(const struct request *request, const struct resource_requirements *resources) {
        struct fact_int limit = cell_int(resources->swap_bytes);
        int64_t memory = resources->limits.memory_bytes.value;
        bool counts = request->target.version >= 52 && memory > 0 && limit.value <= INT64_MAX - memory;

        if (limit.head.given && limit.value >= 0)
                limit.value = counts ? limit.value + memory : 0;
        return limit;
}

static void read_generic(struct request *request, struct arena *arena, const struct go_list *resources) {
        for (size_t i = 0; i < resources->n && !arena_full(arena); ++i) {
                const struct generic_resource *g = gojson_item(resources, i, sizeof(*g));
                const struct origin origin = { .field = "TaskTemplate.Resources.Reservations.GenericResources",
                                               .index = (uint32_t)i,
                                               .indexed = true };
                struct text count;

                text_init_arena(&count, arena);
                text_add_int(&count, g->discrete.value.value);
                if (g->named.given)
                        device_reserve(request, arena, origin, g->named.kind.value, g->named.value.value);
                if (g->discrete.given)
                        device_reserve(request, arena, origin, g->discrete.kind.value, text_str(&count));
        }
}

/* Nothing said is one; a job has no end of tasks before it is through with all of them. */
static void read_replicas(struct facts *f, const struct service_mode *mode) {
        struct go_int replicas = mode->replicated.replicas, total = mode->replicated_job.total_completions,
                      at_once = mode->replicated_job.max_concurrent;

        if (replicas.given)
                f->service.replicas = cell_int(replicas);
        if (total.given || at_once.given)
                f->service.replicas = cell_int(total.value > at_once.value ? total : at_once);
}

static void read_resources(struct request *request, const struct resource_requirements *resources) {
        struct facts *f = &request->facts;

        f->container.memory = cell_int(resources->limits.memory_bytes);
        f->container.nano_cpus = cell_int(resources->limits.nano_cpus);
        f->container.memory_reservation = cell_int(resources->reservations.memory_bytes);
        f->container.memory_swap = read_swap(request, resources);
        if (!request_api_below(request, 41))
                f->container.pids_limit = cell_int(resources->limits.pids);
}

/* Nothing said is any condition, without end; attempts that are counted within a window have no end either. */
static void read_restart_policy(struct request *request, struct arena *arena,
                                const struct task_restart_policy *policy) {
        struct facts *f = &request->facts;
        struct str condition = policy->condition.value;

        f->container.restart_policy = cell_string_or(policy->condition, STR_C("any"));
        if (str_eqz(condition, "none"))
                f->container.restart_policy.value = STR_C("no");
        if (policy->window.value <= 0)
                f->container.restart_retries = cell_int(policy->max_attempts);
        if (!str_empty(condition) && !str_eqz(condition, "none") && !str_eqz(condition, "on-failure") &&
            !str_eqz(condition, "any"))
                unknown_value(request, arena, (struct origin){ .field = "TaskTemplate.RestartPolicy.Condition" },
                              condition);
}

/* A whole id, or its beginning: the host's network has one too, and only a lookup could tell. */
bool service_network_may_be_id(struct str target) {
        for (size_t i = 0; i < target.n; ++i)
                if (!ascii_digit(target.p[i]) && !(target.p[i] >= 'a' && target.p[i] <= 'z'))
                        return false;
        return true;
}

static void read_attachment(struct facts *f, struct arena *arena, size_t i,
                            const struct network_attachment *attachment) {
        struct attachment_fact a =
                attachment_of((struct origin){ .field = "Networks", .index = (uint32_t)i, .indexed = true },
                              attachment->target.value);

        gather_strings(arena, &a.aliases, &attachment->aliases);
        attachment_add(f, arena, &a);
}

/* The task's networks count, or the service's where it has none; both are judged. */
static void read_networks(struct facts *f, struct arena *arena, const struct go_list *networks) {
        struct fact_str *network = &f->container.network;

        for (size_t i = 0; i < networks->n && !arena_full(arena); ++i) {
                const struct network_attachment *attachment = gojson_item(networks, i, sizeof(*attachment));
                struct str target = attachment->target.value;

                read_attachment(f, arena, i, attachment);
                fact_set_add(arena, &f->service.networks, target);
                endpoint_options_read(f, arena, "Networks.DriverOpts", &attachment->driver_opts);
                f->service.networks.head.given = true;
                if (str_eqz(network->value, "host") && network->head.state == FACT_KNOWN)
                        continue;
                *network = (struct fact_str){ { .state = network->head.state, .given = true }, target };
                if (str_eqz(target, "host"))
                        network->head.state = FACT_KNOWN;
                else if (service_network_may_be_id(target))
                        network->head.state = FACT_UNKNOWN;
        }
}

/* Both publish modes bind every interface: ingress on every node, host on the task's. 0 is chosen by the swarm. */
static void read_port(struct request *request, struct arena *arena, size_t i, const struct service_port *port) {
        int64_t inside = port->target_port.value, outside = port->published_port.value;
        static const char *const protocols[] = { "udp", "sctp", NULL };
        struct port_fact p = {
                .origin = { .field = "EndpointSpec.Ports", .index = (uint32_t)i, .indexed = true },
                .reach = cell_str(reach_names[REACH_EVERYWHERE]),
                .protocol = cell_str(go_upper_word(port->protocol.value, protocols)),
        };

        if (!str_eqz(p.protocol.value, "udp") && !str_eqz(p.protocol.value, "sctp"))
                p.protocol.value = STR_C("tcp"); /* also whatever dockerd does not know */
        if (inside > UINT16_MAX || outside > UINT16_MAX) {
                unknown_value(request, arena, p.origin, STR_C("beyond 65535"));
        } else {
                p.container = (struct fact_port){ { .given = true }, (int32_t)inside, (int32_t)inside };
                p.host = (struct fact_port){ { .given = true }, (int32_t)outside, (int32_t)outside };
        }
        ++request->facts.container.port_count.value;
        FACT_ADD(arena, &request->facts.container.ports, p);
}

static void read_ports(struct request *request, struct arena *arena, const struct go_list *ports) {
        request->facts.container.ports.head.given = ports->given;
        request->facts.container.port_count.head.given = ports->given;
        for (size_t i = 0; i < ports->n && !arena_full(arena); ++i)
                read_port(request, arena, i, gojson_item(ports, i, sizeof(struct service_port)));
}

static void read_log_driver(struct request *request, struct arena *arena, const struct swarm_driver *driver) {
        static const struct log_place place = { "TaskTemplate.LogDriver.Name", "TaskTemplate.LogDriver.Options" };

        log_read(request, arena, &place, driver->name, &driver->options);
}

static void read_task(struct request *request, struct arena *arena, struct service_spec *spec) {
        struct facts *f = &request->facts;
        struct task_spec *task = &spec->task_template;

        read_resources(request, &task->resources);
        read_replicas(f, &spec->mode);
        read_container(request, arena, &task->container_spec);
        read_generic(request, arena, &task->resources.reservations.generic_resources);
        gather_strings(arena, &f->service.constraints, &task->placement.constraints);
        read_restart_policy(request, arena, &task->restart_policy);
        read_networks(f, arena, &spec->networks);
        read_networks(f, arena, &task->networks);
        read_log_driver(request, arena, &task->log_driver);
        read_ports(request, arena, &spec->endpoint_spec.ports);
}

/* -- what runs -- */

/* A plugin is no container: there is nothing to say of users, limits and the like. */
static void no_container(struct facts *f) {
        for (size_t i = 0; i < fact_table_n; ++i)
                if (fact_table[i].group & (GROUP_WORKLOAD | GROUP_SANDBOX))
                        ((struct fact_head *)((char *)f + fact_table[i].at))->state = FACT_OFF;
}

static void read_runtime(struct request *request, struct arena *arena, struct service_spec *spec) {
        struct task_spec *task = &spec->task_template;
        struct facts *f = &request->facts;

        f->service.runtime = cell_string_or(task->runtime, STR_C("container"));
        if (str_eqz(f->service.runtime.value, "plugin")) {
                no_container(f);
                plugin_spec_read(request, arena, &task->plugin_spec);
        } else if (!str_eqz(f->service.runtime.value, "container")) {
                unknown_value(request, arena, (struct origin){ .field = "TaskTemplate.Runtime" }, task->runtime.value);
        } else if (task->attachment_spec.given) {
                /* No engine makes such a task for a client. */
                unknown_value(request, arena, (struct origin){ .field = "TaskTemplate.NetworkAttachmentSpec" },
                              task->attachment_spec.container_id.value);
        }
}

void service_create_decode(struct request *request, struct arena *arena) {
        struct service_spec spec = { 0 };

        if (!body_decode(request, arena, &spec, &service_spec_type))
                return;
        request->facts.container.name = cell_string(spec.name);
        texts_read_map(&request->facts, arena, "Labels", &spec.labels);
        gather_labels(arena, &request->facts.service.labels, &spec.labels);
        if (arena_full(arena))
                return; /* and no more flaws are looked for */
        read_task(request, arena, &spec);
        read_runtime(request, arena, &spec);
}

void service_update_decode(struct request *request, struct arena *arena) {
        struct str rollback = target_parameter(&request->target, STR_C("rollback"));
        struct str auth = target_parameter(&request->target, STR_C("registryAuthFrom"));

        request->facts.service.id = cell_str(request->variables.items[0]);
        if (!str_empty(rollback) && !str_eqz(rollback, "none"))
                request->facts.service.rollback = cell_str(rollback);
        if (!str_empty(auth) && !str_eqz(auth, "spec"))
                request->facts.service.registry_auth_from = cell_str(auth);
        service_create_decode(request, arena);
}
