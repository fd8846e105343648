package penstock.config.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import penstock.config.Inline;

class DocumentedDefaultsTest {
    private static final ConfigObject DEFAULTS = ConfigFactory.parseResources("penstock/relay.conf").root();

    @Test
    void shouldHaveAKeyForEveryComponentAndAComponentForEveryKey() {
        final Set<String> components = new TreeSet<>(Set.of("feed.url"));
        collect("", RelayConfig.class, components);
        final Set<String> keys = new TreeSet<>();
        collect("", DEFAULTS, keys);

        assertThat(keys).isEqualTo(components);
    }

    @Test
    void shouldDescribeEveryKeyInASentence() {
        final Set<String> silent = new TreeSet<>();
        collectSilent("", DEFAULTS, silent);

        assertThat(silent).isEmpty();
    }

    private static void collect(final String prefix, final Class<?> type, final Set<String> paths) {
        for (final RecordComponent component : type.getRecordComponents()) {
            final String path = prefix + EffectiveConfig.key(component);
            if (component.isAnnotationPresent(Inline.class)) {
                collect(prefix, component.getType(), paths);
            } else if (component.getType().isRecord()) {
                collect(path + ".", component.getType(), paths);
            } else {
                paths.add(path);
            }
        }
    }

    private static void collect(final String prefix, final ConfigObject object, final Set<String> paths) {
        for (final Map.Entry<String, ConfigValue> entry : object.entrySet()) {
            final String path = prefix + entry.getKey();
            if (entry.getValue() instanceof ConfigObject inner && !inner.isEmpty()) {
                collect(path + ".", inner, paths);
            } else {
                paths.add(path);
            }
        }
    }

    private static void collectSilent(final String prefix, final ConfigObject object, final Set<String> silent) {
        for (final Map.Entry<String, ConfigValue> entry : object.entrySet()) {
            final String path = prefix + entry.getKey();
            if (entry.getValue() instanceof ConfigObject inner && !inner.isEmpty()) {
                collectSilent(path + ".", inner, silent);
            } else if (entry.getValue().origin().comments().stream()
                    .noneMatch(comment -> comment.trim().matches(".{15,}"))) {
                silent.add(path);
            }
        }
    }
}
