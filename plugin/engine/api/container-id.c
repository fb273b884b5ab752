#include "container-id.h"

bool container_id_is_whole(struct str name) {
        for (size_t i = 0; i < name.n; ++i)
                if (!ascii_digit(name.p[i]) && !(name.p[i] >= 'a' && name.p[i] <= 'f'))
                        return false;
        return name.n == 64;
}
