package penstock.venue.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** A command whose output is a secret: limits of time and size, and words of a failure. */
class SecretCommandTest {
    @Test
    void shouldTakeTheOutputWithoutTheLineFeedAtItsEnd() throws Exception {
        assertThat(SecretCommand.run("/bin/echo  a 'b  c' d")).isEqualTo("a b  c d");
        assertThat(SecretCommand.run("/bin/sh -c 'echo noise >&2; sleep 0.05; printf secret'")).isEqualTo("secret");
    }

    @Test
    void shouldReadNothingAndStartNoShell() throws Exception {
        assertThat(SecretCommand.run("/bin/sh -c 'cat; echo end'")).isEqualTo("end");
        assertThat(SecretCommand.run("/bin/echo $HOME;ls")).isEqualTo("$HOME;ls");
    }

    @Test
    void shouldNotWaitForACommandThatHangsNorForAChildOfIt() throws Exception {
        assertThatThrownBy(() -> SecretCommand.run("/bin/sleep 100", 50))
            .hasMessage("command /bin/sleep did not end within 50 ms");
        assertThat(SecretCommand.run("/bin/sh -c 'sleep 100 & echo done'")).isEqualTo("done");
    }

    @Test
    void shouldTakeNoMoreThan64KiB() throws Exception {
        assertThat(SecretCommand.run("/bin/sh -c 'head -c 65536 /dev/zero | tr \\\\0 x'")).hasSize(65_536);
        assertThatThrownBy(() -> SecretCommand.run("/bin/sh -c 'yes secret'"))
            .hasMessage("the output of command /bin/sh has more than 65536 bytes");
    }

    @Test
    void shouldSayWhatIsWrongWithoutTheOutputOrTheArguments() {
        assertThatThrownBy(() -> SecretCommand.run("/bin/sh -c 'echo secret; exit 7'"))
            .hasMessage("command /bin/sh ended with code 7");
        assertThatThrownBy(() -> SecretCommand.run("/bin/sh -c 'true'"))
            .hasMessage("the output of command /bin/sh is empty");
        assertThatThrownBy(() -> SecretCommand.run("/bin/sh -c 'printf \\\\377'"))
            .hasMessage("the output of command /bin/sh has no text in UTF-8");
        assertThatThrownBy(() -> SecretCommand.run(" ")).hasMessage("{exec:} names no command");
    }
}
