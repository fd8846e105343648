package penstock.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
    @Test
    void shouldAnswerTheKeyOfTheRfc() {
        assertThat(Handshake.accept("dGhlIHNhbXBsZSBub25jZQ==")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(Handshake.isValidKey("dGhlIHNhbXBsZSBub25jZQ==")).isTrue();
    }

    @Test
    void shouldCreateADifferentKeyEachTime() {
        final String key = Handshake.newKey();
        assertThat(Handshake.isValidKey(key)).isTrue();
        assertThat(Handshake.newKey()).isNotEqualTo(key);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
        strings = {"c2hvcnQ=", "!!!!", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ", " dGhlIHNhbXBsZSBub25jZQ==",
        "dGhlIHNhbXBsZSBub25jZSE=", "dGhlIHNhbXBsZSBub25jZSEh", "dGhlIHNhbXBsZSBub25j!Q==",
        "dGhlIHNhbXBsZSBub25jZSEhISEh"})
    void shouldRejectAKeyThatIsNot16Bytes(final String key) {
        assertThat(Handshake.isValidKey(key)).isFalse();
    }
}
