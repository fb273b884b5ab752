#include "docksill/cli/config.h"
#include "config-capture.h"
#include "config-priv.h"
#include "config-scans.h"
#include "docksill/rules/inactivity.h"
#include "docksill/rules/schema.h"
#include <errno.h>
#include <openssl/evp.h>

/* Texts of one small file and their copies. */
#define CONFIG_MEMORY (8u * 1024 * 1024)

const char *const config_reads[] = {
        [RECORD_READS_NONE] = "none", [RECORD_READS_CONTENT] = "content", [RECORD_READS_ALL] = "all", NULL
};
const char *const config_host_audits[] = { [CONFIG_HOST_AUDIT_OFF] = "off", [CONFIG_HOST_AUDIT_DAILY] = "daily", NULL };
const char *const config_refusal[] = {
        [EXPLAIN_AUTO] = "auto", [EXPLAIN_LINES] = "lines", [EXPLAIN_LINE] = "line", NULL
};
enum {
        KEY_DOCKSILL,
        KEY_KIND,
        KEY_ENVIRONMENT,
        KEY_MODE,
        KEY_RULES,
        KEY_EXEMPTIONS,
        KEY_SOCKET,
        KEY_CONTROL,
        KEY_STATE,
        KEY_RECORDS,
        KEY_LOOKUPS,
        KEY_CAPTURE,
        KEY_SCANS,
        KEY_HOST_AUDIT,
        KEY_REFUSAL,
        KEY_CONTACT,
        KEYS
};
static const struct schema capture_schema, scans_schema;

static const struct schema_key keys[] = {
        [KEY_DOCKSILL] = { .name = "docksill", .shape = SHAPE_TEXT, .required = true, .doc = "v1" },
        [KEY_KIND] = { .name = "kind", .shape = SHAPE_TEXT, .required = true, .doc = "configuration" },
        [KEY_ENVIRONMENT] = { .name = "environment", .shape = SHAPE_TEXT, .doc = "a name, or a file's path" },
        [KEY_MODE] = { .name = "mode",
                       .shape = SHAPE_CHOICE,
                       .choices = schema_modes,
                       .doc = "else the environment's" },
        [KEY_RULES] = { .name = "rules", .shape = SHAPE_TEXT, .doc = "the folder of the rules" },
        [KEY_EXEMPTIONS] = { .name = "exemptions", .shape = SHAPE_TEXT, .doc = "a folder of exemptions, or a file" },
        [KEY_SOCKET] = { .name = "socket", .shape = SHAPE_TEXT, .doc = "where dockerd finds docksill" },
        [KEY_CONTROL] = { .name = "control",
                          .shape = SHAPE_TEXT,
                          .doc = "the socket of metrics, health and status; off: there is none" },
        [KEY_STATE] = { .name = "state",
                        .shape = SHAPE_TEXT,
                        .doc = "the folder where check --accept-fewer stores what it accepted" },
        [KEY_RECORDS] = { .name = "records",
                          .shape = SHAPE_MAP,
                          .of = &config_records_schema,
                          .doc = "where decisions are recorded" },
        [KEY_LOOKUPS] = { .name = "lookups",
                          .shape = SHAPE_MAP,
                          .of = &config_lookups_schema,
                          .doc = "what docksill looks up on the host and at the engine" },
        [KEY_CAPTURE] = { .name = "capture",
                          .shape = SHAPE_MAP,
                          .of = &capture_schema,
                          .doc = "write judged calls, masked, to try other rules on" },
        [KEY_SCANS] = { .name = "scans",
                        .shape = SHAPE_MAP,
                        .of = &scans_schema,
                        .doc = "reports of scanners on images" },
        [KEY_HOST_AUDIT] = { .name = "host-audit",
                             .shape = SHAPE_CHOICE,
                             .choices = config_host_audits,
                             .doc = "whether how the host is set up is looked at each day, and recorded: off, daily" },
        [KEY_REFUSAL] = { .name = "refusal",
                          .shape = SHAPE_CHOICE,
                          .choices = config_refusal,
                          .doc = "how refusals are written: lines, line; auto: what suits the client" },
        [KEY_CONTACT] = { .name = "contact", .shape = SHAPE_TEXT, .doc = "whom a refusal says to ask" },
        [KEYS] = { .name = NULL },
};
static const struct schema schema = { .what = "a configuration", .keys = keys };

static const struct schema_key capture_keys[] = {
        [CAPTURE_KEY_FOLDER] = { .name = "folder",
                                 .shape = SHAPE_TEXT,
                                 .required = true,
                                 .doc = "where judged calls are written, masked: a folder of docksill's own, 0700" },
        [CAPTURE_KEY_KEEP] = { .name = "keep", .shape = SHAPE_TEXT, .doc = "how many calls at most; the oldest go" },
        [CAPTURE_KEY_MAX] = { .name = "max", .shape = SHAPE_TEXT, .doc = "how many bytes at most, such as 64m" },
        [CAPTURE_KEY_READS] = { .name = "reads",
                                .shape = SHAPE_CHOICE,
                                .choices = config_reads,
                                .doc = "capture reads too: of what containers and images hold, or all" },
        [CAPTURE_KEYS] = { .name = NULL },
};
static const struct schema capture_schema = { .what = "capture", .keys = capture_keys };

static const struct schema_key scans_keys[] = {
        [SCANS_KEY_FOLDER] = { .name = "folder",
                               .shape = SHAPE_TEXT,
                               .required = true,
                               .doc = "where reports of scanners are, by the image's id or digest" },
        [SCANS_KEY_IGNORE] = { .name = "ignore",
                               .shape = SHAPE_TEXT,
                               .doc = "a file of vulnerabilities that are let be, each until a day" },
        [SCANS_KEYS] = { .name = NULL },
};
static const struct schema scans_schema = { .what = "scans", .keys = scans_keys };

const struct config_section config_sections[] = {
        { "", &schema },
        { "records.", &config_records_schema },
        { "lookups.", &config_lookups_schema },
        { "capture.", &capture_schema },
        { "scans.", &scans_schema },
        { NULL, NULL },
};

/* An environment is a path by the same signs as in ruleset_options. */
static bool is_environment_path(struct str s) {
        return str_find(s, '/') < s.n || str_ends(s, STR_C(".yaml"));
}

static int take_capture(struct config *c, const struct yaml_node *node, struct diag *diag) {
        struct config_capture capture = { .keep = CAPTURE_KEEP, .max = CAPTURE_MAX };
        int r;

        if (!node)
                return 0;
        r = config_capture_read(&capture, &c->arena, &capture_schema, node, diag);
        c->capture = capture.folder;
        c->capture_keep = capture.keep;
        c->capture_max = capture.max;
        c->capture_reads = (enum record_reads)capture.reads;
        c->origins.capture_folder.at = capture.folder_at;
        c->origins.capture_keep.at = capture.keep_at;
        c->origins.capture_max.at = capture.max_at;
        c->origins.capture_reads.at = capture.reads_at;
        return r;
}

/* @y: how the configuration itself is read. */
static int take_scans(struct config *c, const struct yaml *y, const struct yaml_node *node) {
        struct config_scans scans = { 0 };
        int r;

        if (!node)
                return 0;
        r = config_scans_read(&scans, &scans_schema, node, y);
        c->scans_folder = scans.folder;
        c->scans_ignore = scans.ignore;
        c->ignored = scans.ignored;
        c->n_ignored = scans.n_ignored;
        c->origins.scans_folder.at = scans.folder_at;
        c->origins.scans_ignore.at = scans.ignore_at;
        return r;
}

unsigned config_off(const struct config *c) {
        return (c->lookup_docker ? 0u : SOURCE_ENGINE) | (c->scans_folder ? 0u : SOURCE_SCANS);
}

/* One line of a refusal: an address, a channel, a page. */
static int take_contact(struct config *c, const struct yaml_node *node, struct diag *diag) {
        struct text visible;
        bool plain;

        if (!node)
                return 0;
        text_init_arena(&visible, &c->arena);
        text_add_visible(&visible, node->text, CONFIG_CONTACT_MOST);
        if (visible.failed)
                return -ENOMEM;
        plain = str_eq(text_str(&visible), node->text);
        if (node->text.n == 0 || node->text.n > CONFIG_CONTACT_MOST)
                return diag_error(diag, node->at, DIAG_WRONG_TYPE, "\"contact\" is a text of 1 to %d bytes",
                                  CONFIG_CONTACT_MOST);
        if (!plain)
                return diag_error(diag, node->at, DIAG_WRONG_TYPE,
                                  "\"contact\" holds a line break, or a character that can't be seen: %s", visible.p);
        return config_text(&c->arena, (struct str){ NULL, 0 }, node->text, &c->contact);
}

static int take_control(struct config *c, const struct yaml_node *node, struct diag *diag) {
        bool off = node && str_eqz(node->text, "off");

        if (off)
                c->control = NULL;
        config_note(&c->origins.control, node);
        return off ? 0 : config_path(c, &keys[KEY_CONTROL], node, &c->control, true, diag);
}

static int take_mode(struct config *c, struct str name) {
        if (!mode_parse(name, &c->mode))
                return -EINVAL;
        c->mode_given = true;
        return 0;
}

static int take_file(struct config *c, const struct yaml *y, const struct yaml_node *root) {
        struct diag *diag = y->diag;
        const struct yaml_node *values[KEYS] = { NULL }, *environment;
        unsigned refusal = c->refusal, host_audit = c->host_audit;
        int r;

        if (str_empty(schema_document(root, "configuration", diag)))
                return -EINVAL;
        r = schema_read(&schema, root, values, diag);
        environment = values[KEY_ENVIRONMENT];
        r = config_worse(r, config_path(c, &keys[KEY_ENVIRONMENT], environment, &c->environment,
                                        environment && is_environment_path(environment->text), diag));
        r = config_worse(r, config_path(c, &keys[KEY_RULES], values[KEY_RULES], &c->rules, true, diag));
        r = config_worse(r, config_path(c, &keys[KEY_EXEMPTIONS], values[KEY_EXEMPTIONS], &c->exemptions, true, diag));
        r = config_worse(r, config_path(c, &keys[KEY_SOCKET], values[KEY_SOCKET], &c->socket, true, diag));
        r = config_worse(r, take_control(c, values[KEY_CONTROL], diag));
        r = config_worse(r, config_path(c, &keys[KEY_STATE], values[KEY_STATE], &c->state, true, diag));
        r = config_worse(r, config_records_take(c, values[KEY_RECORDS], diag));
        r = config_worse(r, config_lookups_take(c, values[KEY_LOOKUPS], diag));
        r = config_worse(r, take_capture(c, values[KEY_CAPTURE], diag));
        r = config_worse(r, take_scans(c, y, values[KEY_SCANS]));
        config_choice(values[KEY_HOST_AUDIT], config_host_audits, &host_audit);
        c->host_audit = (enum config_host_audit)host_audit;
        config_note(&c->origins.host_audit, values[KEY_HOST_AUDIT]);
        config_choice(values[KEY_REFUSAL], config_refusal, &refusal);
        c->refusal = (enum explain_form)refusal;
        r = config_worse(r, take_contact(c, values[KEY_CONTACT], diag));
        config_note(&c->origins.refusal, values[KEY_REFUSAL]);
        config_note(&c->origins.contact, values[KEY_CONTACT]);
        config_note(&c->origins.environment, environment);
        config_note(&c->origins.rules, values[KEY_RULES]);
        config_note(&c->origins.exemptions, values[KEY_EXEMPTIONS]);
        config_note(&c->origins.socket, values[KEY_SOCKET]);
        config_note(&c->origins.state, values[KEY_STATE]);
        config_note(&c->origins.mode, values[KEY_MODE]);
        /* Without it the environment's own counts; one that says nothing audits. */
        if (values[KEY_MODE])
                r = config_worse(r, take_mode(c, values[KEY_MODE]->text));
        return r;
}

/* @text: the file, for the digest; empty when there is none. */
static int read_file(struct config *c, const struct config_flags *flags, struct str *text, struct diag *diag) {
        const struct yaml y = {
                .keep = &c->arena, .scratch = &c->arena, .diag = diag, .from = flags->from, .into = &c->files
        };
        const struct yaml_node *root;
        int r;

        *text = (struct str){ NULL, 0 };
        if (!flags->config && !bundle_exists(flags->from, CONFIG_FILE))
                return 0;
        r = yaml_read(&y, flags->config ? flags->config : CONFIG_FILE, (struct position){ 0 }, &root);
        if (r < 0)
                return r;
        *text = root->at.source->text;
        return take_file(c, &y, root);
}

static int take_flag(struct config *c, const char *flag, const char **out) {
        return flag ? config_text(&c->arena, (struct str){ NULL, 0 }, str_from(flag), out) : 0;
}

static void note_flags(struct config_origins *origins, const struct config_flags *flags) {
        origins->environment.flag = flags->environment ? "--environment" : NULL;
        origins->rules.flag = flags->rules ? "--rules" : NULL;
        origins->exemptions.flag = flags->exemptions ? "--exemptions" : NULL;
        origins->socket.flag = flags->socket ? "--socket" : NULL;
        origins->control.flag = flags->control ? "--control" : NULL;
        origins->records.flag = flags->records ? "--records" : NULL;
        origins->mode.flag = flags->mode ? "--mode" : NULL;
        origins->lookup_paths.flag = flags->paths ? "--paths" : NULL;
}

static int take_flags(struct config *c, const struct config_flags *flags, struct diag *diag) {
        int r = 0;

        r = config_worse(r, take_flag(c, flags->environment, &c->environment));
        r = config_worse(r, take_flag(c, flags->rules, &c->rules));
        r = config_worse(r, take_flag(c, flags->exemptions, &c->exemptions));
        r = config_worse(r, take_flag(c, flags->socket, &c->socket));
        r = config_worse(r, take_flag(c, flags->control, &c->control));
        if (flags->control && strcmp(flags->control, "off") == 0)
                c->control = NULL;
        r = config_worse(r, take_flag(c, flags->records, &c->records));
        if (flags->mode && take_mode(c, str_from(flags->mode)) < 0)
                r = config_worse(r, diag_error(diag, (struct position){ 0 }, DIAG_WRONG_TYPE,
                                               "--mode is audit, enforce-hard or enforce"));
        if (flags->paths && !str_is_one_of(str_from(flags->paths), config_switch))
                r = config_worse(r, diag_error(diag, (struct position){ 0 }, DIAG_WRONG_TYPE, "--paths is on or off"));
        if (flags->paths)
                c->lookup_paths = strcmp(flags->paths, "on") == 0;
        note_flags(&c->origins, flags);
        return r;
}

static bool digest_flag(EVP_MD_CTX *md, const char *name, const char *value) {
        return !value ||
               (EVP_DigestUpdate(md, name, strlen(name) + 1) && EVP_DigestUpdate(md, value, strlen(value) + 1));
}

/* Names and values with their NULs, so that no two settings run together to one text. */
static int digest(struct config *c, struct str file, const struct config_flags *flags) {
        EVP_MD_CTX *md = EVP_MD_CTX_new();
        unsigned char hash[EVP_MAX_MD_SIZE];
        struct text hex;
        unsigned n = 0;
        bool ok;

        ok = md && EVP_DigestInit_ex(md, EVP_sha256(), NULL) && EVP_DigestUpdate(md, file.p ? file.p : "", file.n) &&
             digest_flag(md, "environment", flags->environment) && digest_flag(md, "rules", flags->rules) &&
             digest_flag(md, "exemptions", flags->exemptions) && digest_flag(md, "socket", flags->socket) &&
             digest_flag(md, "control", flags->control) && digest_flag(md, "records", flags->records) &&
             digest_flag(md, "mode", flags->mode) && digest_flag(md, "paths", flags->paths) &&
             EVP_DigestFinal_ex(md, hash, &n);
        EVP_MD_CTX_free(md);
        text_init_arena(&hex, &c->arena);
        for (unsigned i = 0; ok && i < n; ++i)
                text_addf(&hex, "%02x", hash[i]);
        if (!ok || hex.failed)
                return -ENOMEM;
        c->digest = text_str(&hex);
        return 0;
}

int config_read(struct config *out, const struct config_flags *flags, struct diag *diag) {
        struct config c = {
                .environment = "production",
                .rules = DOCKSILL_RULES,
                .socket = CONFIG_SOCKET,
                .control = CONFIG_CONTROL,
                .state = CONFIG_STATE,
                .records = CONFIG_RECORDS,
                .mode = MODE_AUDIT,
                .record_reads = RECORD_READS_CONTENT,
                .recording = { .wait = CONFIG_RECORD_WAIT },
                .lookup_paths = true,
                .lookup_deadline = CONFIG_DEADLINE,
                .capture_keep = CAPTURE_KEEP,
                .capture_max = CAPTURE_MAX,
        };
        struct str file;
        int r;

        arena_init(&c.arena, CONFIG_MEMORY);
        r = read_file(&c, flags, &file, diag);
        r = config_worse(r, take_flags(&c, flags, diag));
        /* Only where it is known to be missing: what is there and can't be read is told of when it is read. */
        if (!c.exemptions && bundle_exists(flags->from, CONFIG_EXEMPTIONS))
                c.exemptions = CONFIG_EXEMPTIONS;
        if (r == 0)
                r = digest(&c, file, flags);
        if (r < 0) {
                arena_deinit(&c.arena);
                return r;
        }
        *out = c;
        return 0;
}

struct position config_environment_at(const struct config *c) {
        return c->origins.environment.flag ? (struct position){ 0 } : c->origins.environment.at;
}

void config_deinit(struct config *c) {
        arena_deinit(&c->arena);
}
