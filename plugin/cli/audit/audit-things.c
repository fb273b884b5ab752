/*
 * Volumes, networks, services, plugins and the swarm: the engine lists them whole, and each is judged as the call that
 * would make it again. Secrets and configs are named: what is in them no list tells, and nobody should.
 */
#include "engine-text.h"
#include "judged.h"
#include "recreated.h"
#include <errno.h>

#define MEMORY ((size_t)64 * 1024 * 1024)

/* -- one -- */

/* What the engine tells is JSON, but none of its own. */
static int note_odd(struct auditing *a, const struct recreated *r) {
        struct report_subject unseen = r->subject;

        unseen.unseen = STR_C("the engine's answer is not what engines write");
        auditing_gap(a, unseen.name.n ? unseen.name : unseen.kind, unseen.unseen);
        auditing_subject(a, r->area, unseen);
        return arena_full(a->report->arena) ? -ENOMEM : 0;
}

/* Frees @body. */
static int judge(struct auditing *a, struct recreated r, json_t *body) {
        cleanup_(arena_deinit) struct arena arena;
        int error = -ENOMEM;

        arena_init(&arena, MEMORY);
        r.body = body;
        if (body)
                error = recreated_judge(a, &r, &arena, NULL);
        json_decref(body);
        return error;
}

/* The members of @from that are called so, and have a value. */
static json_t *members(const json_t *from, const char *const *names) {
        json_t *out = json_object();

        for (; out && *names; ++names) {
                json_t *value = json_object_get(from, *names);

                if (value && !json_is_null(value))
                        json_object_set(out, *names, value);
        }
        return out;
}

static int judge_volume(struct auditing *a, const json_t *one) {
        static const char *const asked[] = { "Name", "Driver", "Labels", NULL };
        json_t *body = members(one, asked), *options = json_object_get(one, "Options");

        if (json_is_object(options))
                json_object_set(body, "DriverOpts", options);
        return judge(a,
                     (struct recreated){ .area = AREA_VOLUMES,
                                         .subject = { .kind = STR("volume"),
                                                      .name = engine_text(one, "Name"),
                                                      .detail = engine_text(one, "Driver") },
                                         .target = "/v1.41/volumes/create" },
                     body);
}

/* The engine makes these by itself, and nobody else can. */
static bool is_own_network(struct str name) {
        static const struct str own[] = { STR("bridge"), STR("host"), STR("none"), STR("docker_gwbridge"), STR("nat") };

        return str_is_among(name, own, ARRAY_SIZE(own));
}

static int judge_network(struct auditing *a, const json_t *one) {
        static const char *const asked[] = { "Name",       "Driver",  "Internal", "Attachable", "Ingress", "EnableIPv6",
                                             "ConfigOnly", "Options", "Labels",   "IPAM",       "Scope",   NULL };
        json_t *body, *from = json_object_get(one, "ConfigFrom");

        if (is_own_network(engine_text(one, "Name")))
                return 0;
        body = members(one, asked);
        if (engine_text(from, "Network").n)
                json_object_set(body, "ConfigFrom", from);
        return judge(a,
                     (struct recreated){ .area = AREA_NETWORKS,
                                         .subject = { .kind = STR("network"),
                                                      .name = engine_text(one, "Name"),
                                                      .id = engine_text(one, "Id"),
                                                      .detail = engine_text(one, "Driver") },
                                         .target = "/v1.41/networks/create" },
                     body);
}

static int judge_service(struct auditing *a, const json_t *one) {
        json_t *spec = json_object_get(one, "Spec");
        const json_t *container = json_object_get(json_object_get(spec, "TaskTemplate"), "ContainerSpec");
        struct recreated r = { .area = AREA_SERVICES,
                               .subject = { .kind = STR("service"),
                                            .name = engine_text(spec, "Name"),
                                            .id = engine_text(one, "ID"),
                                            .detail = engine_text(container, "Image") },
                               .target = "/v1.41/services/create" };

        return json_is_object(spec) ? judge(a, r, json_deep_copy(spec)) : note_odd(a, &r);
}

static int name_thing(struct auditing *a, enum audit_area area, const char *kind, const json_t *one) {
        auditing_subject(a, area,
                         (struct report_subject){ .kind = str_from(kind),
                                                  .name = engine_text(json_object_get(one, "Spec"), "Name"),
                                                  .id = engine_text(one, "ID") });
        return arena_full(a->report->arena) ? -ENOMEM : 0;
}

static int name_secret(struct auditing *a, const json_t *one) {
        return name_thing(a, AREA_SECRETS, "secret", one);
}

static int name_config(struct auditing *a, const json_t *one) {
        return name_thing(a, AREA_CONFIGS, "config", one);
}

/* -- a plugin's privileges -- */

static void add_privilege(json_t *list, const char *name, json_t *values) {
        json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "Name", name, "Description", "", "Value", values));
}

static void add_granted(json_t *list, const json_t *config, const char *key, const char *name) {
        if (json_is_true(json_object_get(config, key)))
                add_privilege(list, name, json_pack("[s]", "true"));
}

static void add_each(json_t *list, const json_t *things, const char *key, const char *name) {
        const json_t *one;
        size_t i;

        json_array_foreach(things, i, one) {
                const char *value = json_string_value(json_object_get(one, key));

                if (value && *value)
                        add_privilege(list, name, json_pack("[s]", value));
        }
}

/* What its install asked for (moby plugin/backend_linux.go, computePrivileges). */
static json_t *privileges(const json_t *config) {
        const json_t *linux_part = json_object_get(config, "Linux");
        const json_t *capabilities = json_object_get(linux_part, "Capabilities");
        const char *network = json_string_value(json_object_get(json_object_get(config, "Network"), "Type"));
        json_t *list = json_array();

        if (network && *network && strcmp(network, "bridge") != 0 && strcmp(network, "null") != 0)
                add_privilege(list, "network", json_pack("[s]", network));
        add_granted(list, config, "IpcHost", "host ipc namespace");
        add_granted(list, config, "PidHost", "host pid namespace");
        add_each(list, json_object_get(config, "Mounts"), "Source", "mount");
        add_each(list, json_object_get(linux_part, "Devices"), "Path", "device");
        add_granted(list, linux_part, "AllowAllDevices", "allow-all-devices");
        if (json_array_size(capabilities))
                add_privilege(list, "capabilities", json_deep_copy(capabilities));
        return list;
}

static int judge_plugin(struct auditing *a, const json_t *one) {
        struct str name = engine_text(one, "Name"), from = engine_text(one, "PluginReference");
        cleanup_(text_deinit) struct text target, removal;

        text_init(&target);
        text_init(&removal);
        text_addz(&removal, "/v1.41/plugins/");
        engine_target_add(&removal, name);
        text_addz(&target, "/v1.41/plugins/pull?remote=");
        engine_target_add(&target, from.n ? from : name);
        text_addz(&target, "&name=");
        engine_target_add(&target, name);
        if (target.failed || removal.failed)
                return -ENOMEM;
        return judge(a,
                     (struct recreated){ .area = AREA_PLUGINS,
                                         .subject = { .kind = STR("plugin"),
                                                      .name = name,
                                                      .id = engine_text(one, "Id"),
                                                      .detail = json_is_true(json_object_get(one, "Enabled"))
                                                                        ? STR_C("enabled")
                                                                        : STR_C("disabled") },
                                         .target = target.p,
                                         .removal = removal.p },
                     privileges(json_object_get(one, "Config")));
}

/* -- lists -- */

static const struct list {
        enum audit_area area;
        const char *target, *member, *what;
        bool swarm; /* of a manager alone */
        int (*judge)(struct auditing *a, const json_t *one);
} lists[] = {
        { AREA_VOLUMES, "/volumes", "Volumes", "the list of volumes", false, judge_volume },
        { AREA_NETWORKS, "/networks", NULL, "the list of networks", false, judge_network },
        { AREA_PLUGINS, "/plugins", NULL, "the list of plugins", false, judge_plugin },
        { AREA_SERVICES, "/services", NULL, "the list of services", true, judge_service },
        { AREA_SECRETS, "/secrets", NULL, "the names of secrets", true, name_secret },
        { AREA_CONFIGS, "/configs", NULL, "the names of configs", true, name_config },
};

static int judge_list(struct auditing *a, const struct list *list) {
        json_t *tree = auditing_get_json(a, list->target, list->what);
        const json_t *all = list->member ? json_object_get(tree, list->member) : tree, *one;
        bool odd = false;
        size_t i;
        int r = 0;

        if (tree && !json_is_array(all) && !json_is_null(all))
                auditing_gap(a, str_from(list->what), STR_C("the engine's answer is not what engines write"));
        json_array_foreach(all, i, one) {
                auditing_progress(a, audit_area_name(list->area).p, i + 1, json_array_size(all));
                odd = odd || !json_is_object(one);
                if (r == 0 && json_is_object(one))
                        r = list->judge(a, one);
        }
        if (odd)
                auditing_gap(a, str_from(list->what), STR_C("some of it is not what engines write"));
        auditing_progress(a, "", 0, 0);
        json_decref(tree);
        return r;
}

/* -- the swarm -- */

enum swarm { SWARM_NONE, SWARM_UNTOLD, SWARM_WORKER, SWARM_MANAGER };

static enum swarm swarm_of(const struct auditing *a) {
        const json_t *swarm = json_object_get(a->told.info, "Swarm");

        if (!swarm)
                return SWARM_UNTOLD;
        if (str_eqz(engine_text(swarm, "LocalNodeState"), "inactive"))
                return SWARM_NONE;
        return json_is_true(json_object_get(swarm, "ControlAvailable")) ? SWARM_MANAGER : SWARM_WORKER;
}

/* Those that look at how a swarm is set up. */
static void tell_untold(struct auditing *a, enum report_state state, struct str why) {
        struct judgement j = { .about = GROUP_SWARM, .beside = operation_find(STR_C("swarm.leave")) };

        j.subject =
                auditing_subject(a, AREA_SWARM, (struct report_subject){ .kind = STR("swarm"), .name = STR("swarm") });
        if (!arena_full(a->report->arena))
                judged_untold(a, &j, operation_find(STR_C("swarm.update")), state, why);
}

static int judge_swarm(struct auditing *a) {
        json_t *tree = auditing_get_json(a, "/swarm", "how the swarm is set up");
        json_t *spec = json_object_get(tree, "Spec");
        int r = 0;

        if (json_is_object(spec))
                r = judge(a,
                          (struct recreated){ .area = AREA_SWARM,
                                              .subject = { .kind = STR("swarm"),
                                                           .name = STR("swarm"),
                                                           .id = engine_text(tree, "ID") },
                                              .target = "/v1.41/swarm/update?version=1",
                                              .about = GROUP_SWARM,
                                              .beside = "swarm.leave" },
                          json_deep_copy(spec));
        else
                tell_untold(a, REPORT_UNKNOWN, STR_C("the engine did not tell how the swarm is set up"));
        json_decref(tree);
        return r;
}

static int look_at_swarm(struct auditing *a, enum swarm swarm) {
        switch (swarm) {
        case SWARM_NONE: tell_untold(a, REPORT_NOT_APPLICABLE, STR_C("the engine is in no swarm")); break;
        case SWARM_WORKER:
                tell_untold(a, REPORT_UNKNOWN, STR_C("this node is no manager of its swarm: ask one"));
                auditing_gap(a, STR_C("services, secrets and configs"),
                             STR_C("this node is no manager of its swarm: ask one"));
                break;
        case SWARM_UNTOLD:
                tell_untold(a, REPORT_UNKNOWN,
                            a->silent.n ? a->silent : STR_C("the engine did not tell whether it is in a swarm"));
                break;
        case SWARM_MANAGER: return judge_swarm(a);
        }
        return arena_full(a->report->arena) ? -ENOMEM : 0;
}

int audit_things(struct auditing *a) {
        enum swarm swarm = swarm_of(a);
        int r = 0;

        for (size_t i = 0; r == 0 && i < ARRAY_SIZE(lists); ++i)
                if (a->asked[lists[i].area] && (!lists[i].swarm || swarm == SWARM_MANAGER))
                        r = judge_list(a, &lists[i]);
        if (r == 0 && a->asked[AREA_SWARM])
                r = look_at_swarm(a, swarm);
        return r;
}
