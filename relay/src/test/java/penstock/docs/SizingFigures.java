package penstock.docs;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures that the page about sizing and the calculator compute with, from their file. Immutable. */
public final class SizingFigures {
    /** The file, from the top of the repository. */
    public static final String FILE = "relay/src/main/resources/penstock/pages/sizing/figures.json";

    private final Map<String, Figure> figures = new LinkedHashMap<>();

    /**
     * One of them.
     *
     * @param value in its unit
     * @param by    where it was measured, in Markdown
     * @param shown texts of pages that end in the numbers that it comes from; empty if a test measures it
     */
    record Figure(double value, String text, String unit, String what, String by, List<String> shown) {
    }

    private SizingFigures(final List<? extends Config> all) {
        for (final Config each : all) {
            figures.put(each.getString("name"), new Figure(each.getDouble("value"), each.getString("value"),
                each.getString("unit"), each.getString("what"), each.getString("by"),
                each.hasPath("shown") ? each.getStringList("shown") : List.of()));
        }
    }

    /** As they are now. */
    public static SizingFigures load() {
        return new SizingFigures(ConfigFactory.parseString("figures = " + Pages.text(FILE)).getConfigList("figures"));
    }

    /** A figure in its unit. Throws if there is none. */
    public double value(final String name) {
        return figures.get(name).value;
    }

    /** By name, in the order of the file. */
    Map<String, Figure> all() {
        return Collections.unmodifiableMap(figures);
    }
}
