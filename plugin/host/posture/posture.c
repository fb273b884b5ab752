#include "docksill/host/posture.h"
#include "dockerd-settings.h"
#include "host-survey.h"
#include <errno.h>

#define SCRATCH_MOST ((size_t)32 << 20)

int posture_read(struct posture *out, struct request *request, struct arena *arena, const struct host_root *root) {
        /* The settings of dockerd come first: others look at what they name. */
        static void (*const readers[])(struct survey *) = { survey_config,  survey_files,       survey_group,
                                                            survey_sysctls, survey_audit_rules, survey_partition,
                                                            survey_system,  survey_programs,    survey_ssh };
        cleanup_(arena_deinit) struct arena scratch;
        struct settings settings = { 0 };
        struct survey s = { .root = root,
                            .facts = &request->facts,
                            .gaps = &out->gaps,
                            .notes = &out->notes,
                            .keep = arena,
                            .scratch = &scratch,
                            .settings = &settings,
                            .engine = out->engine };

        arena_init(&scratch, SCRATCH_MOST);
        arena_latch(arena);
        for (size_t i = 0; i < ARRAY_SIZE(readers); ++i) {
                readers[i](&s);
                arena_reset(&scratch);
        }
        if (settings.there)
                out->daemon_json = settings.config_file;
        if (settings.there && !settings.why.p)
                out->new_privileges = settings.no_new_privileges.value ? STR_C("denied") : STR_C("allowed");
        return arena_unlatch(arena) ? -ENOMEM : 0;
}
