package penstock.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeflateOfferTest {
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "  "})
    void shouldNotCompressIfTheServerDoesNotAnswer(final String response) throws ProtocolException {
        assertThat(DeflateOffer.accepted(response)).isFalse();
        assertThat(DeflateOffer.serverNoContextTakeover(response)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"permessage-deflate", " permessage-deflate ", "permessage-deflate; client_no_context_takeover",
        "permessage-deflate;server_max_window_bits=8",
        "permessage-deflate; server_max_window_bits=15; client_no_context_takeover",
        "permessage-deflate; server_max_window_bits = \"10\""})
    void shouldAcceptAnswersThatTheRfcAllows(final String response) throws ProtocolException {
        assertThat(DeflateOffer.accepted(response)).isTrue();
        assertThat(DeflateOffer.serverNoContextTakeover(response)).isFalse();
    }

    @Test
    void shouldDetectServerNoContextTakeover() throws ProtocolException {
        assertThat(DeflateOffer.serverNoContextTakeover("permessage-deflate; server_no_context_takeover")).isTrue();
        assertThat(DeflateOffer.accepted("permessage-deflate; client_no_context_takeover; server_no_context_takeover"))
            .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"permessage-bzip2", "x-webkit-deflate-frame", "permessage-deflate, permessage-deflate",
        "permessage-deflate; server_no_context_takeover, foo", "permessage-deflate; permessage-deflate",
            "permessage-deflate=1",
        "permessage-deflate; unknown", "permessage-deflate;", "permessage-deflate; ; client_no_context_takeover", ";",
        ",",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; server_no_context_takeover=1", "permessage-deflate; server_no_context_takeover=",
        "permessage-deflate; client_no_context_takeover=true", "permessage-deflate; client_max_window_bits=12",
        "permessage-deflate; client_max_window_bits", "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=7", "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=08", "permessage-deflate; server_max_window_bits=\"",
        "permessage-deflate; server_max_window_bits=10; server_max_window_bits=10"})
    void shouldFailTheConnectionOnAnInvalidAnswer(final String response) {
        assertThatThrownBy(() -> DeflateOffer.accepted(response)).isInstanceOf(ProtocolException.class)
            .hasMessageContaining("Sec-WebSocket-Extensions").extracting(e -> ((ProtocolException) e).closeCode())
            .isEqualTo(1002);
        assertThatThrownBy(() -> DeflateOffer.serverNoContextTakeover(response)).isInstanceOf(ProtocolException.class);
    }
}
