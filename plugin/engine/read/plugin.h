#pragma once
/*
 * plugin: engine plugins: installed, made, changed, started, stopped and removed.
 *
 * They run as the host's root, with what they were granted, outside of every container rule. An authorization plugin is
 * one too, so these calls can take docksill itself away (moby plugin, api/types; PROTOCOL 1.1, 5.3).
 */
#include "reading.h"

/* Go's runtime.PluginSpec, by which a service installs a plugin. */
struct plugin_spec {
        bool given;
        struct go_string name, remote;
        struct go_list privileges, env;
        struct go_bool disabled;
};
extern const struct gojson_type plugin_spec_type;

/* Fills plugin.*, mounts, variables and image.*, as an install does. */
void plugin_spec_read(struct reading *in, const struct plugin_spec *spec);

/* Each reads target and body into plugin.*, and into the shared facts where it names an image, mounts or variables.
 * */
void plugin_install_decode(struct reading *in); /* pull and upgrade */
void plugin_privileges_decode(struct reading *in);
void plugin_push_decode(struct reading *in);
void plugin_create_decode(struct reading *in);
void plugin_set_decode(struct reading *in);
void plugin_change_decode(struct reading *in); /* enable, disable, remove */
