package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.config.ConfigException;
import penstock.text.Address;
import penstock.venue.spec.ChannelSpec;
import penstock.venue.spec.SubscribeSpec.Item;

/** Channels at addresses of their own: what a venue file says of them. */
class ChannelAddressesTest {
    private static final String FILE = """
        name = two
        connection { urls = ["wss://a/"], addresses { slow = "wss://b/", spare = ["wss://c/", "wss://d/"] } }
        channels { quote { default = true }, candle { address = slow }, mark { address = spare }, index { address = spare } }
        subscribe { message {
          quote = "q {symbols}"
          candle = "c {symbols}"
          mark = "m {symbols}"
          index = mark
        } }
        messages { rules = [ { name = a, match { "$/s" = "*" }, key = "$/s" } ] }
        """;

    @Test
    void shouldNameTheAddressOfEachChannel() {
        final Venue venue = venue(FILE);
        assertThat(venue.connection().endpoint().addresses().keySet()).containsExactly("", "slow", "spare");
        assertThat(venue.connection().endpoint().all()).extracting(Address::text)
            .containsExactly("wss://a/", "wss://b/", "wss://c/", "wss://d/");
        assertThat(venue.channels()).extracting(ChannelSpec::address).containsExactly("", "slow", "spare", "spare");
        assertThat(venue.subscribe().items(List.of("quote", "candle", "index"), List.of("A"))).containsExactly(
            new Item("", "quote", "A", "A"), new Item("slow", "candle", "A", "A"), new Item("spare", "mark", "A", "A"));
    }

    @Test
    void shouldGiveEachIntervalTheAddressOfItsChannel() {
        final Venue venue = venue(FILE.replace("candle { address = slow }",
            "candle { address = slow, interval = 1m, intervals { 1m = a, 1h = b } }"));
        assertThat(venue.channels()).filteredOn(channel -> channel.address().equals("slow"))
            .extracting(ChannelSpec::name).containsExactly("candle", "candle-1h");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "candle { address = slow }; candle { address = slwo }; v.conf:3: channels.candle.address: must be one of connection.addresses [slow, spare], got slwo",
        "candle { address = slow }; candle { }; v.conf:2: connection.addresses.slow: is no channel's address: add address = slow to one, or remove it",
        "index { address = spare }; index { }; v.conf:4: subscribe.message: brings channel index with channel mark, so both must have the same address",
        "slow = \"wss://b/\"; slow = \"http://b/\"; v.conf:2: connection.addresses.slow: must begin with ws:// or wss://, got http://b/",
        "slow = \"wss://b/\"; slow = []; v.conf:2: connection.addresses.slow: must be an address, or a list of addresses that take turns",
        "urls = [\"wss://a/\"],; ''; v.conf:2: connection.urls: are missing: channels that name none of addresses have theirs there"})
    void shouldRefuseMistakes(final String right, final String wrong, final String message) {
        assertThat(FILE).contains(right);
        assertThatThrownBy(() -> venue(FILE.replace(right, wrong))).isInstanceOf(ConfigException.class)
            .hasMessageContaining(message);
    }

    private static Venue venue(final String file) {
        return VenueReader.read(new StringReader(file), "v.conf", name -> null);
    }
}
