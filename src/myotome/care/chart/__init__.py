"""The atlas joined to the tables: what is known of a part, overlays of segments and nerves, findings as marks."""
