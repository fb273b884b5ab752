#include "service.h"
#include "body.h"
#include "device.h"
#include "docksill/base/text.h"
#include "endpoint.h"
#include "facts/cell.h"
#include "free-text.h"
#include "gather.h"
#include "go-upper.h"
#include "log.h"
#include "plugin.h"
#include "service-container.h"
#include "service-spec.h"
#include "unknown.h"

/* -- the task -- */

/*
 * Here swap is what comes on top of the memory; a container's limit is both together. Engine 29 brought it, with
 * API 1.52: unless that version is asked for it may be passed over, which leaves twice the memory.
 */
static struct fact_int read_swap(const struct reading *in, const struct resource_requirements *resources) {
        struct fact_int limit = cell_int(resources->swap_bytes);
        int64_t memory = resources->limits.memory_bytes.value;
        bool counts = in->target->version >= 52 && memory > 0 && limit.value <= INT64_MAX - memory;

        if (limit.head.given && limit.value >= 0)
                limit.value = counts ? limit.value + memory : 0;
        return limit;
}

static void read_generic(struct reading *in, const struct go_list *resources) {
        for (size_t i = 0; i < resources->n && !arena_full(in->arena); ++i) {
                const struct generic_resource *g = gojson_item(resources, i, sizeof(*g));
                const struct origin origin = { .field = "TaskTemplate.Resources.Reservations.GenericResources",
                                               .index = (uint32_t)i,
                                               .indexed = true };
                struct text count;

                text_init_arena(&count, in->arena);
                text_add_int(&count, g->discrete.value.value);
                if (g->named.given)
                        device_reserve(in, origin, g->named.kind.value, g->named.value.value);
                if (g->discrete.given)
                        device_reserve(in, origin, g->discrete.kind.value, text_str(&count));
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

static void read_resources(struct reading *in, const struct resource_requirements *resources) {
        struct facts *f = in->facts;

        f->container.memory = cell_int(resources->limits.memory_bytes);
        f->container.nano_cpus = cell_int(resources->limits.nano_cpus);
        f->container.memory_reservation = cell_int(resources->reservations.memory_bytes);
        f->container.memory_swap = read_swap(in, resources);
        if (!reading_api_below(in, 41))
                f->container.pids_limit = cell_int(resources->limits.pids);
}

/* Nothing said is any condition, without end; attempts that are counted within a window have no end either. */
static void read_restart_policy(struct reading *in, const struct task_restart_policy *policy) {
        struct facts *f = in->facts;
        struct str condition = policy->condition.value;

        f->container.restart_policy = cell_string_or(policy->condition, STR_C("any"));
        if (str_eqz(condition, "none"))
                f->container.restart_policy.value = STR_C("no");
        if (policy->window.value <= 0)
                f->container.restart_retries = cell_int(policy->max_attempts);
        if (!str_empty(condition) && !str_eqz(condition, "none") && !str_eqz(condition, "on-failure") &&
            !str_eqz(condition, "any"))
                unknown_value(in, (struct origin){ .field = "TaskTemplate.RestartPolicy.Condition" }, condition);
}

/* A whole id, or its beginning: the host's network has one too, and only a lookup could tell. */
bool service_network_may_be_id(struct str target) {
        for (size_t i = 0; i < target.n; ++i)
                if (!ascii_digit(target.p[i]) && !(target.p[i] >= 'a' && target.p[i] <= 'z'))
                        return false;
        return true;
}

static void read_attachment(struct reading *in, size_t i, const struct network_attachment *attachment) {
        struct attachment_fact a =
                attachment_of((struct origin){ .field = "Networks", .index = (uint32_t)i, .indexed = true },
                              attachment->target.value);

        gather_strings(in->arena, &a.aliases, &attachment->aliases);
        attachment_add(in, &a);
}

/* The task's networks count, or the service's where it has none; both are judged. */
static void read_networks(struct reading *in, const struct go_list *networks) {
        struct facts *f = in->facts;
        struct fact_str *network = &f->container.network;

        for (size_t i = 0; i < networks->n && !arena_full(in->arena); ++i) {
                const struct network_attachment *attachment = gojson_item(networks, i, sizeof(*attachment));
                struct str target = attachment->target.value;

                read_attachment(in, i, attachment);
                fact_set_add(in->arena, &f->service.networks, target);
                endpoint_options_read(in, "Networks.DriverOpts", &attachment->driver_opts);
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
static void read_port(struct reading *in, size_t i, const struct service_port *port) {
        int64_t inside = port->target_port.value, outside = port->published_port.value;
        static const char *const protocols[] = { "udp", "sctp", NULL };
        struct port_fact p = {
                .origin = { .field = "EndpointSpec.Ports", .index = (uint32_t)i, .indexed = true },
                .reach = cell_word(WORD_EVERYWHERE),
                .protocol = cell_str(go_upper_word(port->protocol.value, protocols)),
        };

        if (!str_eqz(p.protocol.value, "udp") && !str_eqz(p.protocol.value, "sctp"))
                p.protocol.value = STR_C("tcp"); /* also whatever dockerd does not know */
        if (inside > UINT16_MAX || outside > UINT16_MAX) {
                unknown_value(in, p.origin, STR_C("beyond 65535"));
        } else {
                p.container = (struct fact_port){ { .given = true }, (int32_t)inside, (int32_t)inside };
                p.host = (struct fact_port){ { .given = true }, (int32_t)outside, (int32_t)outside };
        }
        ++in->facts->container.port_count.value;
        FACT_ADD(in->arena, &in->facts->container.ports, p);
}

static void read_ports(struct reading *in, const struct go_list *ports) {
        in->facts->container.ports.head.given = ports->given;
        in->facts->container.port_count.head.given = ports->given;
        for (size_t i = 0; i < ports->n && !arena_full(in->arena); ++i)
                read_port(in, i, gojson_item(ports, i, sizeof(struct service_port)));
}

static void read_log_driver(struct reading *in, const struct swarm_driver *driver) {
        static const struct log_place place = { "TaskTemplate.LogDriver.Name", "TaskTemplate.LogDriver.Options" };

        log_read(in, &place, driver->name, &driver->options);
}

static void read_task(struct reading *in, struct service_spec *spec) {
        struct facts *f = in->facts;
        struct task_spec *task = &spec->task_template;

        read_resources(in, &task->resources);
        read_replicas(f, &spec->mode);
        container_spec_read(in, &task->container_spec);
        read_generic(in, &task->resources.reservations.generic_resources);
        gather_strings(in->arena, &f->service.constraints, &task->placement.constraints);
        read_restart_policy(in, &task->restart_policy);
        read_networks(in, &spec->networks);
        read_networks(in, &task->networks);
        read_log_driver(in, &task->log_driver);
        read_ports(in, &spec->endpoint_spec.ports);
}

/* -- what runs -- */

/* A plugin is no container: there is nothing to say of users, limits and the like. */
static void no_container(struct facts *f) {
        for (size_t i = 0; i < fact_table_n; ++i)
                if (fact_table[i].group & (GROUP_WORKLOAD | GROUP_SANDBOX))
                        ((struct fact_head *)((char *)f + fact_table[i].at))->state = FACT_OFF;
}

static void read_runtime(struct reading *in, struct service_spec *spec) {
        struct task_spec *task = &spec->task_template;
        struct facts *f = in->facts;

        f->service.runtime = cell_string_or(task->runtime, STR_C("container"));
        if (str_eqz(f->service.runtime.value, "plugin")) {
                no_container(f);
                plugin_spec_read(in, &task->plugin_spec);
        } else if (!str_eqz(f->service.runtime.value, "container")) {
                unknown_value(in, (struct origin){ .field = "TaskTemplate.Runtime" }, task->runtime.value);
        } else if (task->attachment_spec.given) {
                /* No engine makes such a task for a client. */
                unknown_value(in, (struct origin){ .field = "TaskTemplate.NetworkAttachmentSpec" },
                              task->attachment_spec.container_id.value);
        }
}

void service_create_decode(struct reading *in) {
        struct service_spec spec = { 0 };

        if (!body_decode(in, &spec, &service_spec_type))
                return;
        in->facts->container.name = cell_string(spec.name);
        texts_read_map(in, "Labels", &spec.labels);
        gather_labels(in->arena, &in->facts->service.labels, &spec.labels);
        if (arena_full(in->arena))
                return; /* and no more flaws are looked for */
        read_task(in, &spec);
        read_runtime(in, &spec);
}

void service_update_decode(struct reading *in) {
        struct str rollback = reading_parameter(in, "rollback");
        struct str auth = reading_parameter(in, "registryAuthFrom");

        in->facts->service.id = cell_str(in->variables[0]);
        if (!str_empty(rollback) && !str_eqz(rollback, "none"))
                in->facts->service.rollback = cell_str(rollback);
        if (!str_empty(auth) && !str_eqz(auth, "spec"))
                in->facts->service.registry_auth_from = cell_str(auth);
        service_create_decode(in);
}
