// Drawing and typesetting for Documents. Which header is here for what:
#ifndef ANJU_CCAIRO_SHIM_H
#define ANJU_CCAIRO_SHIM_H

#include <cairo-pdf.h>                // PDF and picture surfaces, paths, glyphs
#include <fontconfig/fontconfig.h>    // the closed list of fonts, their versions, what they cover
#include <pango/pangocairo.h>         // lines of text on cairo
#include <pango/pangofc-fontmap.h>    // giving pango that list instead of the machine's

// A font map that knows the fonts of one configuration only. The cast between the two classes is a
// macro of GObject's, which Swift does not import.
static inline PangoFontMap *anju_pango_font_map_new(FcConfig *fonts) {
  PangoFontMap *map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
  if (map != NULL) pango_fc_font_map_set_config((PangoFcFontMap *)map, fonts);
  return map;
}

// Puts an attribute on a part of the text, in bytes, and hands it to the list. Swift would write
// the two bounds through a pointer to a structure that it then must not use again.
static inline void anju_pango_attr_list_add(
    PangoAttrList *list, PangoAttribute *attribute, unsigned start, unsigned end) {
  attribute->start_index = start;
  attribute->end_index = end;
  pango_attr_list_insert(list, attribute);
}

#endif
