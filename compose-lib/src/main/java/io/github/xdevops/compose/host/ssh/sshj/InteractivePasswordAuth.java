package io.github.xdevops.compose.host.ssh.sshj;

import io.github.xdevops.compose.text.Printable;
import java.util.List;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AuthKeyboardInteractive;
import net.schmizz.sshj.userauth.method.ChallengeResponseProvider;
import net.schmizz.sshj.userauth.password.Resource;
import org.jspecify.annotations.Nullable;

/** Answers one hidden question of a server (keyboard-interactive) with the password, and no second one. */
public final class InteractivePasswordAuth extends AuthKeyboardInteractive {
    private static final int ROUNDS = 3; // servers may say something before and after the question

    private final Answers answers;
    private int rounds;

    public InteractivePasswordAuth(String password) {
        this(new Answers(password));
    }

    private InteractivePasswordAuth(Answers answers) {
        super(answers);
        this.answers = answers;
    }

    @Override
    public void handle(Message message, SSHPacket packet) throws UserAuthException, TransportException {
        if (++rounds > ROUNDS) {
            throw new PasswordAuth.Unanswerable("it keeps asking questions");
        }
        super.handle(message, packet);
        String question = answers.unanswered;
        if (question != null) {
            throw new PasswordAuth.Unanswerable("it asks \"" + Printable.line(question, 60)
                    + "\" beside the password, which only a person can answer: use a key");
        }
    }

    private static final class Answers implements ChallengeResponseProvider {
        private final String password;
        private boolean used;
        private @Nullable String unanswered;

        Answers(String password) {
            this.password = password;
        }

        @Override
        public List<String> getSubmethods() {
            return List.of();
        }

        @Override
        @SuppressWarnings("rawtypes") // as the interface has it
        public void init(Resource resource, String name, String instruction) {}

        @Override
        public char[] getResponse(String prompt, boolean echo) {
            if (echo || used) {
                unanswered = prompt;
                return new char[0];
            }
            used = true;
            return password.toCharArray();
        }

        @Override
        public boolean shouldRetry() {
            return false;
        }
    }
}
