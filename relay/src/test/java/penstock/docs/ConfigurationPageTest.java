package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import penstock.config.ConfigException;
import penstock.config.relay.RelayConfigLoader;

/** The page of the configuration has the keys, types and defaults of the code. */
class ConfigurationPageTest {
    private final List<List<String>> rows = Pages.rows(Pages.text("relay/docs/reference/configuration.md"),
        "| key | type | default | meaning |");

    @Test
    void shouldHaveEveryKeyWithItsDefault() {
        final Map<String, String> defaults = new TreeMap<>();
        collect("", ConfigFactory.parseFile(Pages.path("config/relay.conf").toFile()), defaults);
        final Map<String, String> page = new TreeMap<>();
        rows.forEach(row -> page.put(Pages.plain(row.get(0)), unquoted(Pages.plain(row.get(2)))));

        assertThat(page).isEqualTo(defaults);
    }

    @Test
    void shouldHaveTheTypeOfEveryKey() {
        assertThat(rows).allSatisfy(row -> {
            final String key = Pages.plain(row.get(0));
            assertThat(Pages.plain(row.get(1))).as(key).isEqualTo(TypeOfKey.of(complaint(key), key));
        });
    }

    /** What the reader says of a value that fits no type. */
    private static String complaint(final String key) {
        try {
            new RelayConfigLoader(Map.of()).loadText("wrong.conf", key + " = [{ a = [] }]", List.of());
        } catch (final ConfigException e) {
            return e.getMessage();
        }
        throw new AssertionError(key + " takes anything");
    }

    private static void collect(final String path, final Config config, final Map<String, String> keys) {
        for (final Map.Entry<String, ConfigValue> entry : config.root().entrySet()) {
            final String key = path + entry.getKey();
            final ConfigValue value = entry.getValue();
            if (value instanceof ConfigObject object && !object.isEmpty()) {
                collect(key + ".", object.toConfig(), keys);
            } else {
                keys.put(key, value.valueType() == ConfigValueType.NULL ? "null"
                    : unquoted(value.render(ConfigRenderOptions.concise())));
            }
        }
    }

    private static String unquoted(final String value) {
        return value.replace("\"", "");
    }
}
