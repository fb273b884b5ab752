#include "update.h"
#include "block-limit.h"
#include "body.h"
#include "device.h"
#include "facts/cell.h"
#include "go-type.h"
#include "host-config.h"
#include "unknown.h"

/*
 * Go embeds container.Resources and adds RestartPolicy. The values go where HostConfig keeps them; its other keys have
 * no row here, as they have none in Go, and show as unknown.
 */
#define FIELD(json, member, kind) GO_FIELD(host_config, json, member, kind),
static const struct gojson_field update_fields[] = {
        RESOURCES_ROWS(FIELD) GO_FIELD(host_config, "RestartPolicy", restart_policy, restart_policy_type),
};
#undef FIELD
static const struct gojson_type update_type = GO_STRUCT_BY(host_config, update_fields);

void update_decode(struct reading *in) {
        struct facts *f = in->facts;
        struct host_config body = { 0 };
        struct str policy;

        if (!body_decode(in, &body, &update_type))
                return;

        f->update.container = cell_str(in->variables[0]);
        f->update.memory = cell_int(body.memory);
        f->update.memory_swap = cell_int(body.memory_swap);
        f->update.memory_reservation = cell_int(body.memory_reservation);
        f->update.nano_cpus = cell_int(body.nano_cpus);
        f->update.cpu_shares = cell_int(body.cpu_shares);
        f->update.cpu_quota = cell_int(body.cpu_quota);
        f->update.cpu_period = cell_int(body.cpu_period);
        f->update.real_time = cell_int(body.cpu_realtime_runtime);
        f->update.cpuset = cell_string(body.cpuset_cpus);
        /* A pointer in Go: 0 lifts the limit, only null and absence leave it. API < 1.40 would pass over it. */
        f->update.pids_limit = cell_int(body.pids_limit);

        block_limits_read(in, &body);
        policy = body.restart_policy.name.value;
        f->update.restart_policy = cell_string(body.restart_policy.name);
        f->update.restart_retries = cell_int(body.restart_policy.maximum_retry_count);
        if (!restart_policy_known(policy))
                unknown_value(in, (struct origin){ .field = "RestartPolicy.Name" }, policy);
}
