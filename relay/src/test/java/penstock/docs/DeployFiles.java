package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.venue.Venue;

/** Reads the files of config/deploy. Stateless. */
final class DeployFiles {
    /** Where relays in containers find their configuration. */
    static final String MOUNTED = "/etc/penstock/relay.conf";
    private static final Pattern HOST = Pattern.compile("\\w+://([^:/]+):(\\d+).*");

    private DeployFiles() {
    }

    /** As the relay reads it, with its venue. */
    static RelayConfig config(final String text, final Map<String, String> environment) {
        final RelayConfig config = new RelayConfigLoader(environment).loadText("relay.conf", text, List.of());
        if (!config.feed().identity().venue().equals("penstock")) {
            assertThat(Venue.load(config.feed().identity().venue(), config.feed().settings(), name -> "k")).isNotNull();
        }
        assertThat(config.server().listen().host()).isEqualTo(environment.isEmpty() && !text.contains("0.0.0.0")
            ? "127.0.0.1" : "0.0.0.0");
        return config;
    }

    /** As scripts/package calls it. */
    static String image() {
        assertThat(Pages.text("scripts/package")).contains("\"name penstock:$version\"");
        final Matcher version = Pattern.compile("<version>([^<]+)</version>").matcher(Pages.text("pom.xml"));
        assertThat(version.find()).isTrue();
        return "penstock:" + version.group(1);
    }

    static String host(final String url) {
        final Matcher found = HOST.matcher(url);
        assertThat(found.matches()).as(url).isTrue();
        return found.group(1);
    }

    static int port(final String url) {
        final Matcher found = HOST.matcher(url);
        assertThat(found.matches()).as(url).isTrue();
        return Integer.parseInt(found.group(2));
    }

    static String text(final String file) {
        return Pages.text("config/deploy/" + file);
    }

    static List<Object> documents(final String file) {
        return StreamSupport.stream(new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text(file))
            .spliterator(), false).toList();
    }

    static Object at(final Object from, final String... path) {
        Object at = from;
        for (final String each : path) {
            at = map(at).get(each);
        }
        return at;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(final Object of) {
        assertThat(of).isInstanceOf(Map.class);
        return (Map<String, Object>) of;
    }

    static List<Object> list(final Object of) {
        assertThat(of).isInstanceOf(Collection.class);
        return new ArrayList<>((Collection<?>) of);
    }

    static String string(final Object of) {
        return String.valueOf(of);
    }
}
