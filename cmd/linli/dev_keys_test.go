package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
)

func TestDevMakesItsKeysOnce(t *testing.T) {
	t.Parallel()
	first, again := Dev{Data: t.TempDir()}, Dev{}
	require.NoError(t, first.fillKeys())
	signer, err := first.badges()
	require.NoError(t, err)
	require.NotNil(t, signer)
	c, err := first.channels()
	require.NoError(t, err)
	require.NotNil(t, c.push)
	again.Data = first.Data
	require.NoError(t, again.fillKeys())
	require.Equal(t, first, again)
	path := filepath.Join(first.Data, "keys.json")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.EqualValues(t, 0o600, info.Mode().Perm())

	own := Dev{Data: first.Data}
	own.BadgeKey, own.VAPIDPublicKey = "mine", "theirs"
	require.NoError(t, own.fillKeys())
	require.Equal(t, "mine", own.BadgeKey)
	require.Empty(t, own.VAPIDPrivateKey, "half of a pair is left to the check")

	require.NoError(t, os.WriteFile(path, []byte("{"), 0o600))
	err = (&Dev{Data: first.Data}).fillKeys()
	require.Equal(t, aid.Invalid, aid.KindOf(err))
	require.ErrorContains(t, err, "delete it")
}
