package penstock.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AddressTest {
    @Test
    void shouldMaskWhatMayBeSecretAndShowTheRest() {
        assertThat(new Address("wss://h:1/a/b")).hasToString("wss://h:1/a/b");
        assertThat(new Address("wss://h/p?token=k&x=1&word#f")).hasToString("wss://h/p?token=***&x=***&***#f");
        assertThat(new Address("https://user:k@h/p")).hasToString("https://***@h/p");
        assertThat("to " + List.of(new Address("h/?k"))).isEqualTo("to [h/?***]");
        assertThat(new Address("wss://h/?k=v").text()).isEqualTo("wss://h/?k=v");
    }
}
