// JPEG photos to pixels, which cairo cannot do. Of libjpeg's two doors this is the one that answers
// errors instead of jumping out of them, which no Swift frame survives.
#include <turbojpeg.h>
