package penstock.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.wire.SubscriptionOptions;

/** A tap at an address with a key, which a proxy in front of the relay may want. */
class TapSecretsTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:1/?token=s3cret", "ws://127.0.0.1:1/v1/ws?s3cret", "ws://me:s3cret@127.0.0.1:1/",
        "ws://:1/?token=s3cret", "ws://127.0.0.1:1/?token=s3cret and more"})
    void shouldNotPrintTheKey(final String url) {
        final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        final Tap tap = new Tap(new TapOptions(url, List.of(), null, SubscriptionOptions.UNSPECIFIED,
            TapOptions.Form.LINES, false, new TapOptions.Limits(0, 1)),
            new PrintStream(printed, true, StandardCharsets.UTF_8));
        assertThat(tap.run()).isNotZero();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("***").doesNotContain("s3cret");
    }
}
