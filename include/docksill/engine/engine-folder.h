#pragma once
/*
 * engine-folder: the folders of the host that are the engine's own, wherever it was set up to have them.
 *
 * A data root that was moved is no less the host: whoever writes a container's hostconfig.json there has any container.
 * Which folders they are GET /info says, and the host's files do (host/engine-files.h); a mount is held against them
 * once it is known where it leads.
 */
#include "docksill/engine/request.h"

enum engine_folder_kind {
        ENGINE_DATA,   /* its data and its sockets: reached at, below or above, and read-only too */
        ENGINE_OBEYED, /* settings, plugins, descriptions of devices: what stands there it obeys */
};

#define ENGINE_FOLDERS_MOST 32
#define ENGINE_FOLDERS_TEXT 4096

/* A value: no pointers. Zeroed: none are known, and none are looked for. */
struct engine_folders {
        struct {
                uint16_t at, n;
                uint8_t kind;
        } items[ENGINE_FOLDERS_MOST];
        uint16_t n, used;
        bool partial; /* there may be more: a look is not back yet, or not all had room */
        char text[ENGINE_FOLDERS_TEXT];
};

/* Adds a folder, cleaned and with /var/run folded. One that is not absolute, the root, known already or beyond the room
 * is left out; the last makes @f partial. */
void engine_folders_add(struct engine_folders *f, struct str path, enum engine_folder_kind kind);

/* Adds those of @other; partial if that is. */
void engine_folders_join(struct engine_folders *f, const struct engine_folders *other);

/* Holds each host path among the mounts of @request against them, in all spellings there are: mount.engine.
 * Where @f is partial, what lies near none of them is unknown. */
void engine_folders_mark(const struct engine_folders *f, struct request *request);
