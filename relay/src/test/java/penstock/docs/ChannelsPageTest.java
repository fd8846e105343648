package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigResolveOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import penstock.config.VenueName;
import penstock.venue.emit.NormalisedChannel;

/** The page about channels has the fields that the code knows, and of each venue those that its file chooses. */
class ChannelsPageTest {
    private static final String PAGE = "relay/docs/reference/channels.md";
    private static final String BOOK = "book";
    private static final List<String> CHANNELS = List.of("quote", "trade", BOOK, "ticker", "candle", "mark");

    @Test
    void shouldDefineEveryFieldInItsOrder() {
        final String page = Pages.text(PAGE);
        for (final NormalisedChannel channel : NormalisedChannel.values()) {
            final String section = page.split("\n## " + channel.channel() + "\n", 2)[1].split("\n## ", 2)[0];
            final List<String> fields = Pages.rows(section, "| field | type | meaning | absent |").stream()
                .flatMap(row -> Stream.of(row.get(0).split(","))).map(name -> Pages.plain(name).trim()).toList();
            assertThat(fields).as(channel.channel()).isEqualTo(channel.fields());
        }
    }

    @Test
    void shouldHaveTheFieldsOfEveryVenue() {
        final Map<String, List<String>> page = new TreeMap<>();
        Pages.rows(Pages.text(PAGE), "| venue | quote | trade | book | ticker | candle | mark |").forEach(row ->
            page.put(Pages.plain(row.get(0)), row.subList(1, row.size()).stream().map(Pages::plain).toList()));
        final Map<String, List<String>> files = new TreeMap<>();
        VenueName.BUILT_IN.forEach(venue -> files.put(venue, fields(venue)));
        assertThat(page).isEqualTo(files);
    }

    /** By channel, as the page writes them. */
    private static List<String> fields(final String venue) {
        final Config file = ConfigFactory.parseString(Pages.text("config/venues/" + venue + ".conf"))
            .resolve(ConfigResolveOptions.defaults().setAllowUnresolved(true));
        final Map<String, Set<String>> chosen = new TreeMap<>();
        rules(file.getObjectList("messages.rules"), chosen, defaultChannel(file));
        return CHANNELS.stream().map(channel -> written(channel, chosen.get(channel))).toList();
    }

    private static String written(final String channel, final Set<String> fields) {
        if (fields == null) {
            return "–";
        }
        if (channel.equals(BOOK)) {
            return "levels";
        }
        final List<String> order = new ArrayList<>(Stream.of(NormalisedChannel.values())
            .filter(each -> each.channel().equals(channel)).findFirst().orElseThrow().fields());
        order.retainAll(fields);
        assertThat(order).as("fields of " + channel + " that the page defines").containsAll(fields);
        return fields.isEmpty() ? "as sent" : String.join(" ", order);
    }

    private static void rules(final List<? extends ConfigObject> rules, final Map<String, Set<String>> chosen,
            final String defaultChannel) {
        for (final ConfigObject rule : rules) {
            final Config config = rule.toConfig();
            if (config.hasPath("rules")) {
                rules(config.getObjectList("rules"), chosen, defaultChannel);
            } else if (config.hasPath("key") || config.hasPath("emit")) {
                final Set<String> fields = chosen.computeIfAbsent(
                    config.hasPath("channel") ? config.getString("channel") : defaultChannel, each -> new TreeSet<>());
                if (rule.get("emit") instanceof ConfigObject emit) {
                    fields.addAll(emit.keySet());
                }
            }
            if (config.hasPath("also")) {
                rules(config.getObjectList("also"), chosen, defaultChannel);
            }
        }
    }

    private static String defaultChannel(final Config file) {
        return file.getObject("channels").entrySet().stream()
            .filter(entry -> ((ConfigObject) entry.getValue()).containsKey("default")).findFirst().orElseThrow()
            .getKey();
    }
}
