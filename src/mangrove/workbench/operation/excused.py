"""What a backup leaves out, each with its reason. Whatever is not named here is in it: tables, and files under MANGROVE_VAR."""

from __future__ import annotations

from collections.abc import Mapping

#: Tables whose rows are left out. Their models are counted in no manifest.
TABLES: Mapping[str, str] = {
    "django_session": "会话是登录凭据：备份里不放，恢复后各人重新登录，已停用的会话不会复活",
}

#: Names directly under MANGROVE_VAR, or below it with their folder; a star stands for anything within one name.
FILES: Mapping[str, str] = {
    "mangrove.sqlite3*": "数据库另行取一份前后一致的副本",
    "secret_key": "密钥与数据分开保管；丢了换一个，只是各人须重新登录",
    "second_factor_key": "二次验证的密钥由它推出，与数据分开保管；丢了各人重新启用",
    "demo_password": "样例账号的口令是密码，不进备份",
    "static": "由程序自带的文件生成",
    "kernels": "规则引擎编译的缓存，可重新生成",
    "skipped.txt": "测试留下的说明",
    "files/incoming": "正在上传、还没有记录的文件",
    "replaced-*": "恢复时挪开的旧数据",
}
