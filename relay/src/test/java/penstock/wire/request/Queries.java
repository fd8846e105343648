package penstock.wire.request;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Queries of addresses, as the server has them: a list of values for each name. */
final class Queries {
    private Queries() {
    }

    static Map<String, List<String>> query(final String query) {
        final Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (final String each : query.trim().split("&")) {
            final String[] parts = each.split("=", 2);
            parameters.computeIfAbsent(parts[0], name -> new ArrayList<>()).add(parts[1]);
        }
        return parameters;
    }
}
