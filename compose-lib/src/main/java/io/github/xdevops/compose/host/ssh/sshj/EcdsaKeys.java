package io.github.xdevops.compose.host.ssh.sshj;

import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyFactorySpi;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import net.schmizz.sshj.common.SecurityUtils;

/**
 * Lets sshj use only the JDK's cryptography. Otherwise it would register BouncyCastle, which takes a cold process 0.17 s. Only
 * one name is missing then: sshj requests keys called "ECDSA", which the JDK calls "EC". Two key formats need BouncyCastle, which
 * is optional: PEM with {@code Proc-Type: 4,ENCRYPTED}, and PuTTY version 3 with a passphrase.
 */
public final class EcdsaKeys extends Provider {
    private static final long serialVersionUID = 1L;
    private static final String NAME = "ComposeEcdsaKeys";

    private EcdsaKeys() {
        super(NAME, "1", "Elliptic curve keys of the JDK under the name ECDSA");
        putService(new Service(this, "KeyFactory", "ECDSA", Delegate.class.getName(), null, null) {
            @Override
            public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
                return new Delegate();
            }
        });
    }

    public static synchronized void register() {
        SecurityUtils.setRegisterBouncyCastle(false);
        if (Security.getProvider(NAME) == null) {
            Security.addProvider(new EcdsaKeys());
        }
    }

    private static final class Delegate extends KeyFactorySpi {
        private final KeyFactory jdk;

        Delegate() throws NoSuchAlgorithmException {
            jdk = KeyFactory.getInstance("EC");
        }

        @Override
        protected PublicKey engineGeneratePublic(KeySpec spec) throws InvalidKeySpecException {
            return jdk.generatePublic(spec);
        }

        @Override
        protected PrivateKey engineGeneratePrivate(KeySpec spec) throws InvalidKeySpecException {
            return jdk.generatePrivate(spec);
        }

        @Override
        protected <T extends KeySpec> T engineGetKeySpec(Key key, Class<T> type) throws InvalidKeySpecException {
            return jdk.getKeySpec(key, type);
        }

        @Override
        protected Key engineTranslateKey(Key key) throws InvalidKeyException {
            return jdk.translateKey(key);
        }
    }
}
