package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import penstock.upstream.LossReason;
import penstock.venue.emit.NormalisedChannel;

/** The page of the protocol has the words that a relay sends. */
class ProtocolPageTest {
    /** A value without objects inside. */
    private static final Pattern VALUE = Pattern.compile("\"v\":\\{([^{}]*)}");
    private static final Pattern NAME = Pattern.compile("\"(\\w+)\":");
    private static final Pattern SYMBOL = Pattern.compile("\"s\":\"([^\"]+)\"");
    /** What no page about channels defines: the levels of books, the feed of a merged value, and fields of examples. */
    private static final Set<String> OTHERS = Set.of("bids", "asks", "from", "note", "halt");

    @Test
    void shouldShowValuesWithTheFieldsThatSubscribersGet() {
        final Set<String> known = new TreeSet<>(OTHERS);
        for (final NormalisedChannel channel : NormalisedChannel.values()) {
            known.addAll(channel.fields());
        }
        final List<String> shown = new ArrayList<>();
        for (final Path page : Pages.all()) {
            VALUE.matcher(Pages.text(page)).results().forEach(value -> NAME.matcher(value.group(1)).results()
                .forEach(name -> {
                    shown.add(name.group(1));
                    assertThat(known).as(page + ": " + value.group()).contains(name.group(1));
                }));
        }
        assertThat(shown).hasSizeGreaterThan(20);
    }

    @Test
    void shouldShowSymbolsAsTheyArePublished() {
        final List<String> pairs = List.of("BTCUSDT", "ETHUSDT", "XBTUSD", "XBT/USD", "BTC-USDT", "BTC-USD", "tBTCUSD");
        for (final Path page : Pages.all()) {
            SYMBOL.matcher(Pages.text(page)).results()
                .forEach(symbol -> assertThat(pairs).as(page.toString()).doesNotContain(symbol.group(1)));
        }
    }

    @Test
    void shouldHaveEveryReasonOfALoss() {
        final String status = Pages.section(Pages.text("relay/docs/reference/protocol.md"), "### The feed");
        assertThat(EnumSet.complementOf(EnumSet.of(LossReason.STOPPED)))
            .allSatisfy(reason -> assertThat(status).contains('`' + reason.word() + '`'));
    }
}
